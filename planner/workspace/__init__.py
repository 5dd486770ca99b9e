"""The workspace: pilots, plans, scenarios and the samples they rest on, in one file on this computer.

`rows` is what can be done with it, `kept` what it gives, `file` how it is opened, `schema` its tables.
"""
