"""How large a workbook may be (contract: "Rejected"), and what a child process may use to read it."""

MEGABYTE = 1024 * 1024

PACKED_BYTES = 20 * MEGABYTE
UNPACKED_BYTES = 64 * MEGABYTE
ARCHIVE_ENTRIES = 5_000
# Deflate reaches about 1000; what spreadsheet programs write stays under 100, except for tiny parts.
PACKING_RATIO = 400
PACKING_RATIO_FROM_BYTES = 8 * MEGABYTE
FILLED_ROWS = 20_000
FILLED_COLUMNS = 200
# What follows is far above any DIN and keeps the reading within seconds and 300 MB, whatever the file.
FILLED_CELLS = 500_000
SHEETS = 500
MERGES = 100_000
# Lines between levels, and looks at what belongs to a goal: once for each row and each item of its cells.
LINES = 600_000
# Of all cells, and of the document, in which names are repeated with each line.
CELL_CHARACTERS_IN_ALL = 15_000_000
DOCUMENT_CHARACTERS = 25_000_000
# Texts that cells share, in .xls; in .xlsx the tags around them are counted.
TEXTS = 1_000_000
# Of the XML that is read: tags in all, how deep they stand in each other, and how long one tag is.
TAGS = 4_000_000
TAG_DEPTH = 1_000
TAG_BYTES = MEGABYTE
CELL_CHARACTERS = 32_767
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
HEADER_WITHIN_ROWS = 30

CHILD_MEMORY_BYTES = 768 * MEGABYTE
CHILD_CPU_SECONDS = 10
CHILD_WALL_SECONDS = 25
CHILD_ANSWER_BYTES = 48 * MEGABYTE

FINDINGS = 500
FINDING_CHARACTERS = 600
SEEN_ROWS = 300
SEEN_ROWS_WITH_FINDINGS = 200
SEEN_COLUMNS = 60
SEEN_CHARACTERS_IN_ALL = 4_000_000
SEEN_CHARACTERS = 300
