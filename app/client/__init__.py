"""Linli for Python programs. This folder needs nothing but `requests`: copy it beside your program and name it `linli`."""

from .client import Client
from .problem import Problem

__all__ = ["Client", "Problem"]
