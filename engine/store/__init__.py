"""Where the engine keeps its rows: tables, connections, the write-behind buffer of one transaction."""
