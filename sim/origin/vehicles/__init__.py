"""What vehicles and their parts must meet: tracing, core parts, labour, metals, averaging and the proposals."""
