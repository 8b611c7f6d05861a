/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-source"

#include "config.h"

#include <string.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-groups.h"
#include "client/muster-api-inventory.h"
#include "client/muster-fiber.h"
#include "model/muster-device-group.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "muster-source.h"
#include "widgets/muster-references.h"

struct _MusterSource
{
  GObject parent_instance;

  MusterSourceKind kind;
  char            *id;      /* (owned) */
  char            *title;   /* (owned) (nullable) */
  GPtrArray       *devices; /* (owned) (element-type MusterDevice) */
  GPtrArray       *metrics; /* (owned) (element-type GListModel), one a device */
  gint64           total;
};

G_DEFINE_FINAL_TYPE (MusterSource, muster_source, G_TYPE_OBJECT)

static const struct
{
  const char             *name;
  const MusterEntityInfo *info;
} kinds[] = {
  [MUSTER_SOURCE_DEVICE] = { "device", &muster_device_info },
  [MUSTER_SOURCE_PRODUCT] = { "product", &muster_product_info },
  [MUSTER_SOURCE_LOCATION] = { "location", &muster_location_info },
  [MUSTER_SOURCE_GROUP] = { "group", &muster_device_group_info },
};

static void
muster_source_finalize (GObject *object)
{
  MusterSource *self = MUSTER_SOURCE (object);

  g_free (self->id);
  g_free (self->title);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->metrics);
  G_OBJECT_CLASS (muster_source_parent_class)->finalize (object);
}

static void
muster_source_class_init (MusterSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_source_finalize;
}

static void
muster_source_init (MusterSource *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->metrics = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterSource *
muster_source_new (MusterSourceKind kind, const char *id, const char *title)
{
  MusterSource *self = g_object_new (MUSTER_TYPE_SOURCE, NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  self->title = g_strdup (title);
  return self;
}

MusterSource *
muster_source_new_from_key (const char *key)
{
  const char *colon = strchr (key, ':');

  for (unsigned i = 0; colon != NULL && colon[1] != '\0' && i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].name) == (gsize)(colon - key) && g_str_has_prefix (key, kinds[i].name))
      return muster_source_new (i, colon + 1, NULL);
  return NULL;
}

MusterSourceKind
muster_source_get_kind (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), MUSTER_SOURCE_DEVICE);

  return self->kind;
}

const char *
muster_source_get_id (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);

  return self->id;
}

const char *
muster_source_get_title (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);

  return self->title != NULL ? self->title : "…";
}

char *
muster_source_dup_key (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);

  return g_strdup_printf ("%s:%s", kinds[self->kind].name, self->id);
}

const char *
muster_source_kind_get_name (MusterSourceKind kind)
{
  return kinds[kind].name;
}

const MusterEntityInfo *
muster_source_kind_get_info (MusterSourceKind kind)
{
  return kinds[kind].info;
}

/* --- loading --- */

typedef struct
{
  MusterSource  *self;
  MusterSession *session;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->self);
  g_object_unref (load->session);
  g_free (load);
}

/* The first of a group's devices, by their ids. */
static MusterApiPage *
await_group (MusterSource *self, MusterApiClient *client, GError **error)
{
  g_auto (GStrv) ids = dex_await_boxed (muster_api_groups_list_device_ids (client, self->id), error);
  unsigned length;

  if (ids == NULL)
    return NULL;
  length = g_strv_length (ids);
  self->total = length;
  for (unsigned i = MUSTER_SOURCE_DEVICES; i < length; i++)
    g_clear_pointer (&ids[i], g_free);
  return dex_await_object (muster_api_devices_list_by_ids (client, (const char *const *)ids),
                           error);
}

/* (transfer full): a page of the devices. */
static MusterApiPage *
await_devices (MusterSource *self, MusterApiClient *client, GError **error)
{
  const char        *filters[] = { "product_id", self->id, NULL };
  MusterApiListQuery query = { .limit = MUSTER_SOURCE_DEVICES, .sort = "name" };

  switch (self->kind)
    {
    case MUSTER_SOURCE_DEVICE:
      filters[0] = "id";
      break;
    case MUSTER_SOURCE_LOCATION:
      return dex_await_object (muster_api_locations_list_contents (client, self->id, TRUE, &query),
                               error);
    case MUSTER_SOURCE_GROUP:
      return await_group (self, client, error);
    case MUSTER_SOURCE_PRODUCT:
    default:
      break;
    }
  query.filters = filters;
  return dex_await_object (muster_api_devices_list (client, &query), error);
}

/* All ask at once. */
static gboolean
await_metrics (MusterSource *self, MusterApiClient *client, GError **error)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (unsigned i = 0; i < self->devices->len; i++)
    g_ptr_array_add (futures, muster_api_devices_list_metrics (client, muster_entity_get_id (
                                                                         self->devices->pdata[i])));
  for (unsigned i = 0; i < futures->len; i++)
    {
      MusterApiPage *page = dex_await_object (dex_ref (futures->pdata[i]), error);

      if (page == NULL)
        return FALSE;
      g_ptr_array_add (self->metrics, page);
    }
  return TRUE;
}

/* What a view was saved with is called what it is called now. */
static gboolean
await_title (MusterSource *self, MusterApiClient *client, GError **error)
{
  g_autoptr (MusterEntity) record = NULL;

  if (self->title != NULL)
    return TRUE;
  record =
    dex_await_object (muster_api_collection_get (client, kinds[self->kind].info, self->id), error);
  if (record == NULL)
    return FALSE;
  self->title = g_strdup (muster_reference_get_title (record));
  return TRUE;
}

static DexFuture *
muster_source_load_fiber (gpointer user_data)
{
  Load            *load = user_data;
  MusterSource    *self = load->self;
  MusterApiClient *client = muster_session_get_client (load->session);
  GError          *error = NULL;
  g_autoptr (MusterApiPage) page = NULL;

  if (!await_title (self, client, &error))
    return dex_future_new_for_error (error);
  page = await_devices (self, client, &error);
  if (page == NULL)
    return dex_future_new_for_error (error);
  g_ptr_array_set_size (self->devices, 0);
  g_ptr_array_set_size (self->metrics, 0);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    g_ptr_array_add (self->devices, g_object_ref (muster_api_page_get (page, i)));
  if (self->kind != MUSTER_SOURCE_GROUP)
    self->total = MAX (muster_api_page_get_total (page), (gint64)self->devices->len);
  if (!await_metrics (self, client, &error))
    return dex_future_new_for_error (error);
  return dex_future_new_true ();
}

DexFuture *
muster_source_load (MusterSource *self, MusterSession *session)
{
  Load *load = g_new0 (Load, 1);

  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);

  load->self = g_object_ref (self);
  load->session = g_object_ref (session);
  return muster_fiber_spawn (NULL, 0, muster_source_load_fiber, load, load_free);
}

/* --- what it knows --- */

unsigned
muster_source_count_devices (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), 0);

  return MIN (self->devices->len, self->metrics->len);
}

MusterDevice *
muster_source_get_device (MusterSource *self, unsigned i)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);
  g_return_val_if_fail (i < self->devices->len, NULL);

  return self->devices->pdata[i];
}

GListModel *
muster_source_get_metrics (MusterSource *self, unsigned i)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), NULL);
  g_return_val_if_fail (i < self->metrics->len, NULL);

  return self->metrics->pdata[i];
}

gint64
muster_source_get_total (MusterSource *self)
{
  g_return_val_if_fail (MUSTER_IS_SOURCE (self), 0);

  return self->total;
}
