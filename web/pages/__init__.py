"""The pages members and administrators see: server-rendered, each works without JavaScript."""
