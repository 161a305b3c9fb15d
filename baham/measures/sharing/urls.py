"""Addresses of the sharing measure."""

from django.urls import path, re_path

from baham.measures.sharing import exchange, views, views_leads, views_taxii
from baham.measures.sharing.taxii.door import taxii

urlpatterns = [
    path("sharing/", views.overview, name="sharing"),
    path("sharing/inbox/<slug:name>/", views.inbox, name="inbox"),
    path("sharing/flows/", views.flow_page, name="flows"),
    path("sharing/leads/", views_leads.leads, name="leads"),
    path("sharing/leads/<int:pk>/", views_leads.lead, name="lead"),
    path("sharing/taxii/", views_taxii.waiting, name="taxii_waiting"),
    path("exchange/head", exchange.head, name="exchange_head"),
    path("exchange/messages", exchange.messages, name="exchange_messages"),
    path("exchange/deliver", exchange.deliver, name="exchange_deliver"),
    path("exchange/witness", exchange.witness, name="exchange_witness"),
    re_path(r"^taxii2/(?P<address>.*)$", taxii, name="taxii"),
]
