"""Bring your own network: one spreadsheet in, a checked network folder out, all that was assumed told; and back."""

from sim.workbook.transfer import Imported, export_network, import_network

__all__ = ["Imported", "export_network", "import_network"]
