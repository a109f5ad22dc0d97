"""SQLModel tables, unit of work, migrations, encryption."""
