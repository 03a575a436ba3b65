"""When, and with what: the Dagster definitions, jobs, schedules, sensors, checks, resources and the command line.

Wires the other folders together. No rule about reports, numbers or files is written here.
"""

import os

# Arrow's own allocator keeps what is freed for later, the system's hands it back: a quarter less memory at the same speed.
# It is chosen when Arrow is loaded, so it is said first, and workers hear it too; who set the variable is not overruled.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
