"""The condition language: types and values, parsing, checking, evaluating and explaining.

    text -> source (masked, bounded, stdlib `ast`) -> checking (typed tree) -> evaluation (closures)
                                                                            -> printing, explaining

No text of an author is ever run as Python: the standard library only parses a *masked* copy of it, in which every
name, number and text was replaced by a dummy of the same length.
"""
