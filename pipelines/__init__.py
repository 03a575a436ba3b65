"""When, and with what: the Dagster definitions, jobs, schedules, sensors, checks, resources and the command line.

Wires the other folders together. No rule about reports, numbers or files is written here.
"""
