"""The workspace: pilots, plans, scenarios and the samples they rest on, in one file on this computer."""

from planner.workspace.file import VARIABLE as VARIABLE
from planner.workspace.file import DamagedWorkspace as DamagedWorkspace
from planner.workspace.file import WorkspaceError as WorkspaceError
from planner.workspace.file import default_place as default_place
from planner.workspace.file import short as short
from planner.workspace.kept import Decided as Decided
from planner.workspace.kept import KeptPilot as KeptPilot
from planner.workspace.kept import KeptPlan as KeptPlan
from planner.workspace.kept import KeptSample as KeptSample
from planner.workspace.rows import Workspace as Workspace
