"""The formats of the report, a module each: from the content to the bytes of a file. They know no Django."""
