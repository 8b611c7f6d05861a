/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-avahi"

#include "config.h"

#include <net/if.h>
#include <string.h>

#include "muster-avahi-worker.h"
#include "muster-avahi.h"

#define STOP_MS 2000

struct _MusterAvahi
{
  GObject            parent_instance;
  MusterAvahiWorker *worker;     /* (owned) (nullable): shared with the thread */
  GThread           *thread;     /* (owned) (nullable) */
  DexPromise        *stopped;    /* (owned) (nullable) */
  GHashTable        *interfaces; /* set of names */
  char              *trouble;    /* (owned) (nullable) */
  unsigned           n_types;
  unsigned           last_id;
};

/* Where the worker's reports go. */
typedef struct
{
  GWeakRef      owner;
  GMainContext *context;
} Home;

/* From the thread to the object. */
typedef struct
{
  MusterAvahi          *owner;  /* (owned) */
  MusterAvahiWorker    *worker; /* (owned) */
  MusterMdnsRecord     *record; /* (owned) (nullable) */
  char                 *text;   /* (owned) (nullable) */
  unsigned              number;
  MusterAvahiReportKind kind;
} Report;

static void muster_avahi_iface_init (MusterMdnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterAvahi,
                               muster_avahi,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_MDNS, muster_avahi_iface_init))

static void
home_free (gpointer data)
{
  Home *home = data;

  g_weak_ref_clear (&home->owner);
  g_main_context_unref (home->context);
  g_free (home);
}

static void
report_free (gpointer data)
{
  Report *report = data;

  g_clear_pointer (&report->record, muster_mdns_record_unref);
  g_free (report->text);
  muster_avahi_worker_unref (report->worker);
  g_object_unref (report->owner);
  g_free (report);
}

static void
muster_avahi_note_interface (MusterAvahi *self, int interface)
{
  char name[IF_NAMESIZE];

  if (interface > 0 && if_indextoname (interface, name) != NULL &&
      g_hash_table_add (self->interfaces, g_strdup (name)))
    muster_mdns_emit_changed (MUSTER_MDNS (self));
}

static void
muster_avahi_note_stopped (MusterAvahi *self)
{
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->worker, muster_avahi_worker_unref);
  if (self->stopped != NULL)
    dex_promise_resolve_boolean (self->stopped, TRUE);
  dex_clear (&self->stopped);
}

static gboolean
report_cb (gpointer data)
{
  Report      *report = data;
  MusterAvahi *self = report->owner;

  if (report->worker != self->worker ||
      (self->stopped != NULL && report->kind != MUSTER_AVAHI_STOPPED))
    return G_SOURCE_REMOVE;
  switch (report->kind)
    {
    case MUSTER_AVAHI_FOUND:
      muster_avahi_note_interface (self, report->record->interface);
      muster_mdns_emit_found (MUSTER_MDNS (self), report->record);
      break;
    case MUSTER_AVAHI_REMOVED:
      muster_mdns_emit_removed (MUSTER_MDNS (self), report->record);
      break;
    case MUSTER_AVAHI_PUBLISHED:
      muster_mdns_emit_published (MUSTER_MDNS (self), report->number, report->text);
      break;
    case MUSTER_AVAHI_STATUS:
      g_set_str (&self->trouble, report->text);
      self->n_types = report->number;
      muster_mdns_emit_changed (MUSTER_MDNS (self));
      break;
    case MUSTER_AVAHI_STOPPED:
      muster_avahi_note_stopped (self);
      break;
    default:
      g_assert_not_reached ();
    }
  return G_SOURCE_REMOVE;
}

/* On the worker's thread. */
static void
muster_avahi_report_thread (MusterAvahiWorker    *worker,
                            MusterAvahiReportKind kind,
                            MusterMdnsRecord     *record,
                            const char           *text,
                            unsigned              number,
                            gpointer              user_data)
{
  Home *home = user_data;
  g_autoptr (GSource) source = NULL;
  MusterAvahi *owner = g_weak_ref_get (&home->owner);
  Report      *report;

  if (owner == NULL)
    return;
  report = g_new0 (Report, 1);
  report->owner = owner;
  report->worker = muster_avahi_worker_ref (worker);
  report->record = record != NULL ? muster_mdns_record_ref (record) : NULL;
  report->text = g_strdup (text);
  report->number = number;
  report->kind = kind;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, report_cb, report, report_free);
  g_source_attach (source, home->context);
}

static void
muster_avahi_start (MusterMdns *mdns, const char *const *types)
{
  MusterAvahi *self = MUSTER_AVAHI (mdns);
  Home        *home;

  g_return_if_fail (self->worker == NULL);

  home = g_new0 (Home, 1);
  g_weak_ref_init (&home->owner, self);
  home->context = g_main_context_ref_thread_default ();
  self->worker = muster_avahi_worker_new (types, muster_avahi_report_thread, home, home_free);
  self->thread = muster_avahi_worker_start (self->worker);
}

static DexFuture *
muster_avahi_stop (MusterMdns *mdns)
{
  MusterAvahi *self = MUSTER_AVAHI (mdns);

  if (self->worker == NULL)
    return dex_future_new_true ();
  if (self->stopped == NULL)
    {
      self->stopped = dex_promise_new ();
      muster_avahi_worker_quit (self->worker);
    }
  /* A daemon that hangs holds the thread, but not the site's shutdown. */
  return dex_future_first (dex_ref (DEX_FUTURE (self->stopped)), dex_timeout_new_msec (STOP_MS),
                           NULL);
}

static gboolean
muster_avahi_is_active (MusterAvahi *self)
{
  return self->worker != NULL && self->stopped == NULL;
}

static void
muster_avahi_rescan (MusterMdns *mdns)
{
  MusterAvahi *self = MUSTER_AVAHI (mdns);

  if (muster_avahi_is_active (self))
    muster_avahi_worker_rescan (self->worker);
}

static unsigned
muster_avahi_publish (MusterMdns *mdns,
                      const char *name,
                      const char *type,
                      guint16     port,
                      MusterTxt  *txt)
{
  MusterAvahi *self = MUSTER_AVAHI (mdns);

  g_return_val_if_fail (muster_avahi_is_active (self), 0);

  muster_avahi_worker_publish (self->worker, ++self->last_id, name, type, port, txt);
  return self->last_id;
}

static void
muster_avahi_unpublish (MusterMdns *mdns, unsigned id)
{
  MusterAvahi *self = MUSTER_AVAHI (mdns);

  if (muster_avahi_is_active (self))
    muster_avahi_worker_unpublish (self->worker, id);
}

static const char *
muster_avahi_get_trouble (MusterMdns *mdns)
{
  return MUSTER_AVAHI (mdns)->trouble;
}

static unsigned
muster_avahi_get_n_types (MusterMdns *mdns)
{
  return MUSTER_AVAHI (mdns)->n_types;
}

static char **
muster_avahi_list_interfaces (MusterMdns *mdns)
{
  GHashTable *interfaces = MUSTER_AVAHI (mdns)->interfaces;
  GPtrArray *names = g_ptr_array_new_null_terminated (g_hash_table_size (interfaces), g_free, TRUE);
  gpointer   name;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, interfaces);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort_values (names, (GCompareFunc)strcmp);
  return (char **)g_ptr_array_free (names, FALSE);
}

static void
muster_avahi_iface_init (MusterMdnsInterface *iface)
{
  iface->start = muster_avahi_start;
  iface->stop = muster_avahi_stop;
  iface->rescan = muster_avahi_rescan;
  iface->publish = muster_avahi_publish;
  iface->unpublish = muster_avahi_unpublish;
  iface->get_trouble = muster_avahi_get_trouble;
  iface->get_n_types = muster_avahi_get_n_types;
  iface->list_interfaces = muster_avahi_list_interfaces;
}

static void
muster_avahi_dispose (GObject *object)
{
  MusterAvahi *self = MUSTER_AVAHI (object);

  if (muster_avahi_is_active (self))
    muster_avahi_worker_quit (self->worker);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_clear_pointer (&self->worker, muster_avahi_worker_unref);
  dex_clear (&self->stopped);
  G_OBJECT_CLASS (muster_avahi_parent_class)->dispose (object);
}

static void
muster_avahi_finalize (GObject *object)
{
  MusterAvahi *self = MUSTER_AVAHI (object);

  g_hash_table_unref (self->interfaces);
  g_free (self->trouble);
  G_OBJECT_CLASS (muster_avahi_parent_class)->finalize (object);
}

static void
muster_avahi_class_init (MusterAvahiClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_avahi_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_avahi_finalize;
}

static void
muster_avahi_init (MusterAvahi *self)
{
  self->interfaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterMdns *
muster_avahi_new (void)
{
  return g_object_new (MUSTER_TYPE_AVAHI, NULL);
}
