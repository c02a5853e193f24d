"""The site as it is deployed: one worker of the server, spoken to over HTTP."""
