"""The WSGI entry that granian serves. (Not ASGI: Django's synchronous middleware costs several times the CPU there.)"""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baham.platform.settings")
application = get_wsgi_application()
# What is imported by now lives as long as the process; to go through it again costs a request 10 ms each time.
gc.collect()
gc.freeze()
