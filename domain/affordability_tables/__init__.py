"""Category tables of income and expenditure: what is asked, and which figures ask for a comment."""

from domain.affordability_tables.table import (
    SHIPPED,
    BadTable,
    Heading,
    Household,
    Kind,
    Line,
    Measure,
    Scale,
    Table,
    Trigger,
    read,
    shipped,
)

__all__ = [
    "SHIPPED",
    "BadTable",
    "Heading",
    "Household",
    "Kind",
    "Line",
    "Measure",
    "Scale",
    "Table",
    "Trigger",
    "read",
    "shipped",
]
