"""The demonstration data: accounts and programmes, brought in along the same roads as real data.

The facts are in fixtures/; what is invented there is marked as "voorbeeld".
"""
