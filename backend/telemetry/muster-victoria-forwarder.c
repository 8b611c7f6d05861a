/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "muster-sample-range.h"
#include "muster-victoria-forwarder.h"

/* VictoriaMetrics writes to its disk what it took at the latest after 12 s (2 until rows become a
 * part in memory, 5 for which that may stay there, 5 between looks at it): how long after the last
 * message a spool is read back. MUSTER_TEST_VICTORIA_GRACE, in milliseconds, is for tests. */
#define GRACE_MSEC 20000
/* So often what is missing is sent again before it is kept here. */
#define MOST_ROUNDS 4
/* Seconds between tries while the server is away. */
#define LEAST_WAIT 1
#define MOST_WAIT 30
/* Between two looks for what was forgotten. */
#define GONE_USEC (60 * (gint64)G_USEC_PER_SEC)

typedef struct
{
  MusterVictoriaSpool *spool;   /* (owned) */
  gint64               sent_at; /* monotonic; 0: not sent */
  GHashTable          *n_new;   /* (element-type utf8 MusterVictoriaNew) */
  unsigned             rounds;  /* how often something was missing */
} Entry;

struct _MusterVictoriaForwarder
{
  MusterVictoriaLedger               *ledger;
  const MusterVictoriaForwarderFuncs *funcs;
  gpointer                            user_data;
  gatomicrefcount                     count; /* calls to the main thread hold one */
  MusterVictoriaSender               *sender;
  GError                             *broken; /* (nullable): it cannot work at all */
  GCancellable                       *cancellable;
  gint64                              grace;
  gint64                              gone_at; /* monotonic: when to look for what was forgotten */
  unsigned                            wait;    /* seconds of the next wait after a failure */
  GThread                            *thread;
  GMutex                              lock;
  GCond                               woken;
  GPtrArray                          *entries; /* (element-type Entry) */
  char                               *trouble; /* (nullable) */
  gboolean                            is_keeping;
  MusterVictoriaForwarderStats        stats;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  muster_victoria_spool_unref (entry->spool);
  g_hash_table_unref (entry->n_new);
  g_free (entry);
}

static void
forwarder_unref (gpointer data)
{
  MusterVictoriaForwarder *self = data;

  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_clear_pointer (&self->sender, muster_victoria_sender_free);
  g_clear_error (&self->broken);
  g_ptr_array_unref (self->entries);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->woken);
  g_free (self->trouble);
  g_free (self);
}

static MusterVictoriaForwarder *
forwarder_ref (MusterVictoriaForwarder *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

static gboolean
is_over (MusterVictoriaForwarder *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

/* --- trouble --- */

static gboolean
tell_trouble_cb (gpointer data)
{
  MusterVictoriaForwarder *self = data;
  g_autofree char         *trouble = NULL;

  g_mutex_lock (&self->lock);
  trouble = g_strdup (self->trouble);
  g_mutex_unlock (&self->lock);
  if (!is_over (self))
    self->funcs->trouble (trouble, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
set_trouble (MusterVictoriaForwarder *self, const GError *error)
{
  g_autofree char *text =
    error != NULL ? g_strconcat ("samples stay in the spool: ", error->message, NULL) : NULL;
  gboolean is_other;

  g_mutex_lock (&self->lock);
  is_other = g_set_str (&self->trouble, text);
  self->stats.failed += error != NULL;
  g_mutex_unlock (&self->lock);
  if (is_other)
    g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, tell_trouble_cb, forwarder_ref (self),
                                forwarder_unref);
}

/* Under the lock. */
static void
wait_until (MusterVictoriaForwarder *self, gint64 end)
{
  while (!is_over (self) && g_get_monotonic_time () < end)
    g_cond_wait_until (&self->woken, &self->lock, end);
}

/* Waits longer after each failure. */
static gboolean
retry_cb (const GError *error, gpointer user_data)
{
  MusterVictoriaForwarder *self = user_data;

  if (error == NULL)
    {
      self->wait = LEAST_WAIT;
      set_trouble (self, NULL);
      return TRUE;
    }
  if (is_over (self))
    return FALSE;
  set_trouble (self, error);
  g_mutex_lock (&self->lock);
  wait_until (self, g_get_monotonic_time () + self->wait * G_USEC_PER_SEC);
  g_mutex_unlock (&self->lock);
  self->wait = MIN (MOST_WAIT, self->wait * 2);
  return !is_over (self);
}

/* --- one spool --- */

static void
count_sent (MusterVictoriaForwarder *self, unsigned n, gboolean is_again)
{
  g_mutex_lock (&self->lock);
  self->stats.sent += n;
  self->stats.resent += is_again ? n : 0;
  g_mutex_unlock (&self->lock);
}

static gboolean
send (MusterVictoriaForwarder *self, Entry *entry, GError **error)
{
  unsigned n_sent;

  g_hash_table_remove_all (entry->n_new);
  if (!muster_victoria_sender_run (self->sender, entry->spool, MUSTER_VICTORIA_SEND, entry->n_new,
                                   NULL, &n_sent, error))
    return FALSE;
  count_sent (self, n_sent, FALSE);
  g_mutex_lock (&self->lock);
  entry->sent_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
confirm (MusterVictoriaForwarder *self, Entry *entry, GError **error)
{
  MusterSampleEngine *engine = muster_victoria_spool_get_engine (entry->spool);
  g_autoptr (GPtrArray) latest =
              muster_sample_latest_query (muster_sample_engine_get_table (engine), NULL);

  if (!muster_victoria_ledger_confirm (self->ledger, latest, entry->n_new, error))
    return FALSE;
  muster_victoria_spool_set_done (entry->spool);
  self->funcs->done (entry->spool, self->user_data);
  g_mutex_lock (&self->lock);
  g_ptr_array_steal_index (self->entries, 0);
  g_mutex_unlock (&self->lock);
  entry_free (entry);
  return TRUE;
}

typedef struct
{
  MusterVictoriaForwarder *forwarder;
  MusterSampleChunk       *chunk;
} Keep;

static gboolean
keep_cb (gpointer data)
{
  Keep *keep = data;

  if (!is_over (keep->forwarder))
    keep->forwarder->funcs->keep (g_steal_pointer (&keep->chunk), keep->forwarder->user_data);
  return G_SOURCE_REMOVE;
}

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_clear_pointer (&keep->chunk, muster_sample_chunk_free);
  forwarder_unref (keep->forwarder);
  g_free (keep);
}

/* What is missing again and again goes back; the spool is confirmed once that is durable here. */
static gboolean
rescue (MusterVictoriaForwarder *self, Entry *entry, GError **error)
{
  g_autoptr (MusterSampleChunk) missing = muster_sample_chunk_new ();
  unsigned n;
  Keep    *keep;

  if (!muster_victoria_sender_run (self->sender, entry->spool, MUSTER_VICTORIA_RESCUE, NULL,
                                   missing, &n, error))
    return FALSE;
  if (n == 0)
    return confirm (self, entry, error);
  g_warning ("VictoriaMetrics took %u samples and does not keep them: they stay in the store of "
             "this machine; is its -retentionPeriod long enough?",
             n);
  keep = g_new (Keep, 1);
  *keep = (Keep){ forwarder_ref (self), g_steal_pointer (&missing) };
  g_mutex_lock (&self->lock);
  self->stats.kept += n;
  self->is_keeping = TRUE;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, keep_cb, keep, keep_free);
  while (self->is_keeping && !is_over (self))
    g_cond_wait (&self->woken, &self->lock);
  g_mutex_unlock (&self->lock);
  if (is_over (self))
    return TRUE;
  return entry->rounds > MOST_ROUNDS ? confirm (self, entry, error) : TRUE;
}

static gboolean
check (MusterVictoriaForwarder *self, Entry *entry, GError **error)
{
  unsigned n_sent;

  if (entry->rounds >= MOST_ROUNDS)
    return rescue (self, entry, error);
  if (!muster_victoria_sender_run (self->sender, entry->spool, MUSTER_VICTORIA_CHECK, NULL, NULL,
                                   &n_sent, error))
    return FALSE;
  if (n_sent == 0)
    return confirm (self, entry, error);
  g_message ("%u samples were not there any more, and are sent again", n_sent);
  count_sent (self, n_sent, TRUE);
  entry->rounds++;
  entry->sent_at = g_get_monotonic_time ();
  return TRUE;
}

/* --- the thread --- */

/* The first that was not sent, or the oldest when it is to be read back; NULL with when that will
 * be. Under the lock. */
static Entry *
choose (MusterVictoriaForwarder *self, gint64 *when)
{
  Entry *oldest = self->entries->len > 0 ? self->entries->pdata[0] : NULL;

  *when = G_MAXINT64;
  for (guint i = 0; i < self->entries->len; i++)
    if (((Entry *)self->entries->pdata[i])->sent_at == 0)
      return self->entries->pdata[i];
  if (oldest == NULL)
    return NULL;
  *when = oldest->sent_at + self->grace;
  return g_get_monotonic_time () >= *when ? oldest : NULL;
}

static gboolean
delete_gone (MusterVictoriaForwarder *self, GError **error)
{
  self->gone_at = g_get_monotonic_time () + GONE_USEC;
  return muster_victoria_sender_delete_gone (self->sender, error);
}

/* What there is to do, or until there is. */
static gboolean
work (MusterVictoriaForwarder *self, GError **error)
{
  gboolean is_gone_due = g_get_monotonic_time () >= self->gone_at;
  gint64   when;
  Entry   *entry;

  g_mutex_lock (&self->lock);
  entry = choose (self, &when);
  if (entry == NULL && !is_gone_due && !is_over (self))
    g_cond_wait_until (&self->woken, &self->lock, MIN (when, self->gone_at));
  g_mutex_unlock (&self->lock);
  if (is_over (self))
    return TRUE;
  if (entry == NULL)
    return !is_gone_due || delete_gone (self, error);
  return entry->sent_at == 0 ? send (self, entry, error) : check (self, entry, error);
}

static gpointer
muster_victoria_forwarder_thread (gpointer data)
{
  MusterVictoriaForwarder *self = data;

  while (!is_over (self))
    {
      g_autoptr (GError) error = NULL;

      if (self->broken != NULL)
        retry_cb (self->broken, self);
      else if (!work (self, &error) && !is_over (self))
        retry_cb (error, self);
    }
  return NULL;
}

static gint64
get_grace (void)
{
  const char *text = g_getenv ("MUSTER_TEST_VICTORIA_GRACE");

  return (text != NULL ? g_ascii_strtoll (text, NULL, 10) : GRACE_MSEC) * 1000;
}

MusterVictoriaForwarder *
muster_victoria_forwarder_new (const MusterVictoriaConfig         *config,
                               MusterVictoriaLedger               *ledger,
                               MusterClock                        *clock,
                               const MusterVictoriaForwarderFuncs *funcs,
                               gpointer                            user_data)
{
  MusterVictoriaForwarder *self = g_new0 (MusterVictoriaForwarder, 1);

  g_atomic_ref_count_init (&self->count);
  self->ledger = ledger;
  self->funcs = funcs;
  self->user_data = user_data;
  self->grace = get_grace ();
  self->wait = LEAST_WAIT;
  self->cancellable = g_cancellable_new ();
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->woken);
  self->sender = muster_victoria_sender_new (config, ledger, clock, retry_cb, self,
                                             self->cancellable, &self->broken);
  self->thread = g_thread_new ("samples-forward", muster_victoria_forwarder_thread, self);
  return self;
}

void
muster_victoria_forwarder_free (MusterVictoriaForwarder *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  muster_victoria_forwarder_wake (self);
  g_thread_join (self->thread);
  forwarder_unref (self);
}

void
muster_victoria_forwarder_push (MusterVictoriaForwarder *self, MusterVictoriaSpool *spool)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->spool = muster_victoria_spool_ref (spool);
  entry->n_new = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->entries, entry);
  g_cond_broadcast (&self->woken);
  g_mutex_unlock (&self->lock);
}

void
muster_victoria_forwarder_kept (MusterVictoriaForwarder *self, gboolean is_good)
{
  g_mutex_lock (&self->lock);
  if (is_good && self->entries->len > 0)
    ((Entry *)self->entries->pdata[0])->rounds = MOST_ROUNDS + 1;
  self->is_keeping = FALSE;
  g_cond_broadcast (&self->woken);
  g_mutex_unlock (&self->lock);
}

void
muster_victoria_forwarder_wake (MusterVictoriaForwarder *self)
{
  g_mutex_lock (&self->lock);
  self->gone_at = MIN (self->gone_at, g_get_monotonic_time ());
  g_cond_broadcast (&self->woken);
  g_mutex_unlock (&self->lock);
}

void
muster_victoria_forwarder_get_stats (MusterVictoriaForwarder      *self,
                                     MusterVictoriaForwarderStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  stats->waiting = self->entries->len;
  stats->unsent = 0;
  for (guint i = 0; i < self->entries->len; i++)
    stats->unsent += ((Entry *)self->entries->pdata[i])->sent_at == 0;
  g_mutex_unlock (&self->lock);
}
