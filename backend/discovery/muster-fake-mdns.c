/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-fake-mdns"

#include "config.h"

#include "muster-fake-mdns.h"

struct _MusterFakeMdns
{
  GObject     parent_instance;
  GHashTable *records;   /* set of MusterMdnsRecord */
  GHashTable *published; /* id → MusterMdnsRecord */
  char       *trouble;   /* (owned) (nullable) */
  unsigned    n_types;
  unsigned    n_scans;
  unsigned    last_id;
  guint       is_running : 1;
};

static void muster_fake_mdns_iface_init (MusterMdnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterFakeMdns,
                               muster_fake_mdns,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_MDNS,
                                                      muster_fake_mdns_iface_init))

static void
muster_fake_mdns_rescan (MusterMdns *mdns)
{
  MusterFakeMdns *self = MUSTER_FAKE_MDNS (mdns);
  g_autoptr (GPtrArray) records = g_hash_table_get_keys_as_ptr_array (self->records);

  self->n_scans++;
  for (guint i = 0; i < records->len; i++)
    muster_mdns_emit_found (mdns, records->pdata[i]);
}

static void
muster_fake_mdns_start (MusterMdns *mdns, const char *const *types)
{
  MusterFakeMdns *self = MUSTER_FAKE_MDNS (mdns);

  self->is_running = TRUE;
  self->n_types = g_strv_length ((char **)types);
  muster_fake_mdns_rescan (mdns);
}

static DexFuture *
muster_fake_mdns_stop (MusterMdns *mdns)
{
  MusterFakeMdns *self = MUSTER_FAKE_MDNS (mdns);

  self->is_running = FALSE;
  g_hash_table_remove_all (self->published);
  return dex_future_new_true ();
}

static unsigned
muster_fake_mdns_publish (MusterMdns *mdns,
                          const char *name,
                          const char *type,
                          guint16     port,
                          MusterTxt  *txt)
{
  MusterFakeMdns *self = MUSTER_FAKE_MDNS (mdns);
  unsigned        id = ++self->last_id;

  g_hash_table_insert (self->published, GUINT_TO_POINTER (id),
                       muster_mdns_record_new (type, name, "local", 1, 4, "site.local", "192.0.2.1",
                                               port, txt));
  muster_mdns_emit_published (mdns, id, name);
  return id;
}

static void
muster_fake_mdns_unpublish (MusterMdns *mdns, unsigned id)
{
  g_hash_table_remove (MUSTER_FAKE_MDNS (mdns)->published, GUINT_TO_POINTER (id));
}

static const char *
muster_fake_mdns_get_trouble (MusterMdns *mdns)
{
  return MUSTER_FAKE_MDNS (mdns)->trouble;
}

static unsigned
muster_fake_mdns_get_n_types (MusterMdns *mdns)
{
  return MUSTER_FAKE_MDNS (mdns)->n_types;
}

static char **
muster_fake_mdns_list_interfaces (MusterMdns *mdns)
{
  return g_strsplit ("fake0", ",", -1);
}

static void
muster_fake_mdns_iface_init (MusterMdnsInterface *iface)
{
  iface->start = muster_fake_mdns_start;
  iface->stop = muster_fake_mdns_stop;
  iface->rescan = muster_fake_mdns_rescan;
  iface->publish = muster_fake_mdns_publish;
  iface->unpublish = muster_fake_mdns_unpublish;
  iface->get_trouble = muster_fake_mdns_get_trouble;
  iface->get_n_types = muster_fake_mdns_get_n_types;
  iface->list_interfaces = muster_fake_mdns_list_interfaces;
}

static void
muster_fake_mdns_finalize (GObject *object)
{
  MusterFakeMdns *self = MUSTER_FAKE_MDNS (object);

  g_hash_table_unref (self->records);
  g_hash_table_unref (self->published);
  g_free (self->trouble);
  G_OBJECT_CLASS (muster_fake_mdns_parent_class)->finalize (object);
}

static void
muster_fake_mdns_class_init (MusterFakeMdnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_fake_mdns_finalize;
}

static void
muster_fake_mdns_init (MusterFakeMdns *self)
{
  self->records = g_hash_table_new_full (muster_mdns_record_hash, muster_mdns_record_same,
                                         (GDestroyNotify)muster_mdns_record_unref, NULL);
  self->published =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)muster_mdns_record_unref);
}

MusterFakeMdns *
muster_fake_mdns_new (void)
{
  return g_object_new (MUSTER_TYPE_FAKE_MDNS, NULL);
}

void
muster_fake_mdns_announce (MusterFakeMdns *self, MusterMdnsRecord *record)
{
  g_return_if_fail (MUSTER_IS_FAKE_MDNS (self));

  g_hash_table_replace (self->records, record, record);
  if (self->is_running)
    muster_mdns_emit_found (MUSTER_MDNS (self), record);
}

void
muster_fake_mdns_withdraw (MusterFakeMdns *self, MusterMdnsRecord *record)
{
  g_autoptr (MusterMdnsRecord) held = NULL;

  g_return_if_fail (MUSTER_IS_FAKE_MDNS (self));

  held = muster_mdns_record_ref (record);
  if (g_hash_table_remove (self->records, held) && self->is_running)
    muster_mdns_emit_removed (MUSTER_MDNS (self), held);
}

void
muster_fake_mdns_set_trouble (MusterFakeMdns *self, const char *trouble)
{
  g_return_if_fail (MUSTER_IS_FAKE_MDNS (self));

  if (g_set_str (&self->trouble, trouble))
    muster_mdns_emit_changed (MUSTER_MDNS (self));
}

unsigned
muster_fake_mdns_get_n_scans (MusterFakeMdns *self)
{
  g_return_val_if_fail (MUSTER_IS_FAKE_MDNS (self), 0);

  return self->n_scans;
}

MusterMdnsRecord *
muster_fake_mdns_find_published (MusterFakeMdns *self, const char *type)
{
  GHashTableIter    iter;
  MusterMdnsRecord *record;

  g_return_val_if_fail (MUSTER_IS_FAKE_MDNS (self), NULL);

  g_hash_table_iter_init (&iter, self->published);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    if (g_str_equal (record->type, type))
      return record;
  return NULL;
}
