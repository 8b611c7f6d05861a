/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

/* The API described: /openapi.json and the page /docs, both made of the route tables on first use.
 */
#define MUSTER_TYPE_DOCS (muster_docs_get_type ())
G_DECLARE_FINAL_TYPE (MusterDocs, muster_docs, MUSTER, DOCS, GObject)

/* ROUTER is not referenced. */
MusterDocs *muster_docs_new (MusterRouter *router);
/* Handlers; user_data is the MusterDocs. */
DexFuture *muster_docs_handle_openapi (MusterRequest *request, gpointer docs);
DexFuture *muster_docs_handle_page (MusterRequest *request, gpointer docs);

/* The page as HTML, whole in itself: (transfer full). */
GBytes *muster_router_make_page (MusterRouter *router, const char *version);

G_END_DECLS
