/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-page"

#include "config.h"

#include "muster-api-json.h"
#include "muster-api-page.h"

struct _MusterApiPage
{
  GObject parent_instance;

  GType       item_type;
  GPtrArray  *items; /* (owned) (element-type GObject) */
  JsonObject *json;  /* (owned) */
};

static GType
muster_api_page_get_item_type (GListModel *model)
{
  return MUSTER_API_PAGE (model)->item_type;
}

static guint
muster_api_page_get_n_items (GListModel *model)
{
  return MUSTER_API_PAGE (model)->items->len;
}

static gpointer
muster_api_page_get_item (GListModel *model, guint position)
{
  MusterApiPage *self = MUSTER_API_PAGE (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
muster_api_page_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = muster_api_page_get_item_type;
  iface->get_n_items = muster_api_page_get_n_items;
  iface->get_item = muster_api_page_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterApiPage,
                               muster_api_page,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      muster_api_page_list_model_init))

static void
muster_api_page_finalize (GObject *object)
{
  MusterApiPage *self = MUSTER_API_PAGE (object);

  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->json, json_object_unref);
  G_OBJECT_CLASS (muster_api_page_parent_class)->finalize (object);
}

static void
muster_api_page_class_init (MusterApiPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_page_finalize;
}

static void
muster_api_page_init (MusterApiPage *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
muster_api_page_add (MusterApiPage   *self,
                     JsonObject      *row,
                     MusterApiRowFunc make_row,
                     gconstpointer    data,
                     GError         **error)
{
  g_autoptr (GError) cause = NULL;
  GObject *item = row != NULL ? make_row (row, data, &cause) : NULL;

  if (item != NULL)
    {
      g_ptr_array_add (self->items, item);
      return TRUE;
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "the daemon's answer: /items/%u: %s",
               self->items->len, cause != NULL ? cause->message : "is not an object");
  return FALSE;
}

MusterApiPage *
muster_api_page_new_from_json (JsonObject      *object,
                               GType            item_type,
                               MusterApiRowFunc make_row,
                               gconstpointer    data,
                               GError         **error)
{
  g_autoptr (MusterApiPage) self = g_object_new (MUSTER_TYPE_API_PAGE, NULL);
  JsonArray *items;

  g_return_val_if_fail (object != NULL && make_row != NULL, NULL);

  self->item_type = item_type;
  self->json = json_object_ref (object);
  items = muster_api_json_get_array (object, "items");
  if (items == NULL)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                           "the daemon's answer has no “items”");
      return NULL;
    }
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    if (!muster_api_page_add (self, muster_api_json_as_object (json_array_get_element (items, i)),
                              make_row, data, error))
      return NULL;
  return g_steal_pointer (&self);
}

unsigned
muster_api_page_get_length (MusterApiPage *self)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self), 0);

  return self->items->len;
}

gpointer
muster_api_page_get (MusterApiPage *self, unsigned index)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self) && index < self->items->len, NULL);

  return self->items->pdata[index];
}

GPtrArray *
muster_api_page_get_items (MusterApiPage *self)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self), NULL);

  return self->items;
}

gint64
muster_api_page_get_total (MusterApiPage *self)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self), -1);

  return muster_api_json_get_integer (self->json, "total", -1);
}

const char *
muster_api_page_get_next (MusterApiPage *self)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self), NULL);

  return muster_api_json_get_string (self->json, "next");
}

JsonObject *
muster_api_page_get_json (MusterApiPage *self)
{
  g_return_val_if_fail (MUSTER_IS_API_PAGE (self), NULL);

  return self->json;
}
