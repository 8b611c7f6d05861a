/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-docs"

#include "config.h"

#include "muster-docs.h"

struct _MusterDocs
{
  GObject parent_instance;

  MusterRouter *router;  /* (weak) */
  GBytes       *openapi; /* (owned) (nullable): once made */
  GBytes       *page;    /* (owned) (nullable): likewise */
};

G_DEFINE_FINAL_TYPE (MusterDocs, muster_docs, G_TYPE_OBJECT)

static void
muster_docs_finalize (GObject *object)
{
  MusterDocs *self = MUSTER_DOCS (object);

  g_clear_weak_pointer (&self->router);
  g_clear_pointer (&self->openapi, g_bytes_unref);
  g_clear_pointer (&self->page, g_bytes_unref);
  G_OBJECT_CLASS (muster_docs_parent_class)->finalize (object);
}

static void
muster_docs_class_init (MusterDocsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_docs_finalize;
}

static void
muster_docs_init (MusterDocs *self)
{
}

MusterDocs *
muster_docs_new (MusterRouter *router)
{
  MusterDocs *self = g_object_new (MUSTER_TYPE_DOCS, NULL);

  g_set_weak_pointer (&self->router, router);
  return self;
}

DexFuture *
muster_docs_handle_openapi (MusterRequest *request, gpointer docs)
{
  MusterDocs *self = docs;

  if (self->openapi == NULL)
    self->openapi = muster_router_make_openapi (self->router, MUSTER_VERSION);
  return muster_response_resolve (
    muster_response_new_bytes (200, "application/json", self->openapi));
}

DexFuture *
muster_docs_handle_page (MusterRequest *request, gpointer docs)
{
  MusterDocs *self = docs;

  if (self->page == NULL)
    self->page = muster_router_make_page (self->router, MUSTER_VERSION);
  return muster_response_resolve (
    muster_response_new_bytes (200, "text/html; charset=utf-8", self->page));
}
