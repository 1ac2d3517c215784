"""``python -m runfree``."""

import sys

from runfree.cli import main

sys.exit(main())
