"""The WSGI entry that granian serves. (Not ASGI: Django's synchronous middleware costs several times the CPU there.)"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baham.platform.settings")
application = get_wsgi_application()
