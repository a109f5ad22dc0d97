"""`samtid bench`: figures for the README and docs/performance.md, never test assertions."""
