"""The reference bank's documents in office formats, made from the texts beside this file.

`texts/loans/mortgage.hwpx.md` becomes `data/knowledge/loans/mortgage.hwpx`, and so on. The texts are what people edit;
`python -m examples.reference_documents` makes the files anew, byte for byte the same as long as the texts are.
"""
