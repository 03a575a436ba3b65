"""What several integration tests stand on."""

from .server import site

__all__ = ["site"]
