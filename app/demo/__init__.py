"""The demo district: a place to try Linli, made through the same services as a real one.

district.py     the tree, the three communities, who can sign in
loading.py      loads what is missing of it, one community in one transaction
"""
