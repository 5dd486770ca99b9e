"""The same bytes for the same content: Office files without the clock, PDF objects in an order of their own."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can name
INNER = (".xlsx",)  # numbers behind an embedded chart
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
REFERENCE = re.compile(rb"(\d+) 0 R")
NAMED = re.compile(rb"\s+/[a-z]+\d+ \d+ 0 R")  # a line of a list of resources: /xo3 15 0 R
FREE = b"0000000000 65535 f\r\n"  # how a table of objects begins


def steady(data: bytes, on: date) -> bytes:
    """An Office file as if it had been written at the beginning of a day."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(INNER):
                content = steady(content, on)
            elif name == "docProps/core.xml":
                content = STAMP.sub(rb"\g<1>" + f"{on.isoformat()}T00:00:00Z".encode() + rb"\g<2>", content)
            made = ZipInfo(name, EPOCH)
            made.compress_type = ZIP_DEFLATED
            new.writestr(made, content)
    return out.getvalue()


def steady_pdf(data: bytes) -> bytes:
    """A PDF with its resources by name and its objects as they are met from the root.

    The drawing library keeps both in tables whose order is drawn anew each time. A file that is built otherwise than it
    builds them is left as it is.
    """
    try:
        objects, trailer = _objects(data)
    except (ValueError, IndexError):
        return data
    heads = {number: _sorted(head) for number, (head, _) in objects.items()}
    order = _met(trailer, heads)
    new = {old: place for place, old in enumerate(order, start=1)}
    out = [data[: data.index(b"\n\n", 0, 64) + 2] if b"\n\n" in data[:64] else data[:9]]
    offsets = []
    for old in order:
        offsets.append(sum(map(len, out)))
        out.append(b"%d 0 obj\n" % new[old] + _renamed(heads[old], new) + objects[old][1])
    start = sum(map(len, out))
    table = FREE + b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    size = re.sub(rb"/Size \d+", b"/Size %d" % (len(order) + 1), _renamed(trailer, new))
    out.append(b"xref\n0 %d\n" % (len(order) + 1) + table + size + b"startxref\n%d\n%%%%EOF" % start)
    return b"".join(out)


def _objects(data: bytes) -> tuple[dict[int, tuple[bytes, bytes]], bytes]:
    """({number: (what says what it is, its stream and end)}, trailer). Raises ValueError, IndexError."""
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    table, trailer = data[start:].split(b"trailer", 1)
    entries = table.split(FREE, 1)[1].split(b"\r\n")
    offsets = {number: int(entry.split()[0]) for number, entry in enumerate(entries, start=1) if entry.strip()}
    ends = sorted([*offsets.values(), start])
    objects = {}
    for number, offset in offsets.items():
        body = data[offset : ends[ends.index(offset) + 1]]
        mark = b"%d 0 obj\n" % number
        if not body.startswith(mark):
            raise ValueError("an object is not where the table says")
        head, stream, rest = body[len(mark) :].partition(b"\nstream")
        objects[number] = (head, stream + rest)
    return objects, b"trailer" + trailer.split(b"startxref", 1)[0]


def _sorted(head: bytes) -> bytes:
    """Lists of resources by name; what is listed otherwise stays in its order."""
    lines = head.split(b"\n")
    found: list[bytes] = []
    for line in lines:
        if NAMED.fullmatch(line) and found and NAMED.fullmatch(found[-1]):
            place = len(found)
            while place and NAMED.fullmatch(found[place - 1]) and _key(found[place - 1]) > _key(line):
                place -= 1
            found.insert(place, line)
        else:
            found.append(line)
    return b"\n".join(found)


def _key(line: bytes) -> tuple[int, bytes]:
    name = line.split()[0]
    return len(name), name


def _met(trailer: bytes, heads: dict[int, bytes]) -> list[int]:
    """Numbers of all objects that the trailer leads to, in the order they are met."""
    order: list[int] = []
    waiting = [int(number) for number in reversed(REFERENCE.findall(trailer))]
    while waiting:
        number = waiting.pop()
        if number not in order:
            order.append(number)
            waiting += [int(one) for one in reversed(REFERENCE.findall(heads[number]))]
    return order


def _renamed(text: bytes, new: dict[int, int]) -> bytes:
    return REFERENCE.sub(lambda found: b"%d 0 R" % new[int(found[1])], text)
