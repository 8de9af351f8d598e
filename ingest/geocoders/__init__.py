"""Online geocoders behind the geopy seam: one file each declares one ``SERVICE``.

None of them is used unless somebody switches it on; see docs/howto/geocoding.md.
"""
