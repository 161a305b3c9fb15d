"""Django as the threads of the front call it. (Not its ASGI: synchronous middleware costs several times the CPU.)"""

import gc
import os

from django.core.wsgi import get_wsgi_application

from baham.platform.boot import or_one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baham.platform.settings")
with or_one_line():
    application = get_wsgi_application()
# What is imported by now lives as long as the process; to go through it again costs a request 10 ms each time.
gc.collect()
gc.freeze()
