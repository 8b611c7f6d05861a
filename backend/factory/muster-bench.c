/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-bench"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "firmware/posix/muster-node-line.h"
#include "mf_octets.h"
#include "mf_unit.h"
#include "model/muster-error.h"
#include "model/muster-number.h"
#include "muster-bench.h"

#define PAYLOAD 512
#define REPLY_MAX PAYLOAD
/* How long a board takes to write down its identity before it is asked for it; and until it has
 * reset itself, which LINK.md has begin 500 ms after the answer. */
#define SETTLE_MS 150
#define RESET_MS 700
#define SESSION_MS 15000

struct _MusterBench
{
  char           *port;
  MusterNodeLine *line;        /* (owned) */
  GCancellable   *cancellable; /* (owned) */
  gulong          cancelled_id;
  struct mf_link  link;
  guint8          rx[MF_LINK_OVERHEAD + PAYLOAD];
  guint8          tx[MF_LINK_OVERHEAD + PAYLOAD];
  GByteArray     *out; /* (owned): of the frame that is being sent */
  guint           timer;
  DexPromise     *waiter; /* (owned) (nullable) */
  gsize           heard;  /* bytes */

  char     serial[MF_LINK_SERIAL_MAX + 1]; /* of who answered last */
  guint8   key[MUSTER_BENCH_KEY_SIZE];
  char    *key_serial; /* (owned) (nullable): whose it is */
  guint32  bad_tags;   /* of the link, when the key was learnt */
  gboolean is_met;     /* somebody answered since the last question */

  gboolean           is_known; /* by the identity of this session */
  MusterUnitIdentity identity;
  GPtrArray         *metrics; /* (owned) (element-type MusterUnitMetric): learnt so far */

  guint8           asked; /* the request that waits for its answer; 0: none */
  guint8           reply[REPLY_MAX];
  gsize            reply_size;
  gint             sampled; /* the metric whose sample is waited for; -1: none */
  MusterUnitSample sample;
};

static void muster_bench_step (MusterBench *self);

/* --- waiting --- */

void
muster_bench_wake (MusterBench *self)
{
  g_autoptr (DexPromise) waiter = NULL;

  g_return_if_fail (self != NULL);

  waiter = g_steal_pointer (&self->waiter);
  if (waiter != NULL)
    dex_promise_resolve_boolean (waiter, TRUE);
}

static gint64
deadline_in (unsigned milliseconds)
{
  return g_get_monotonic_time () + (gint64)milliseconds * 1000;
}

/* FALSE: DEADLINE is over, without an error, or all is cancelled. */
static gboolean
wait_until (MusterBench *self, gint64 deadline, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
      g_get_monotonic_time () >= deadline)
    return FALSE;
  self->waiter = dex_promise_new ();
  dex_await (dex_future_first (DEX_FUTURE (dex_ref (self->waiter)),
                               dex_timeout_new_deadline (deadline), NULL),
             NULL);
  dex_clear (&self->waiter);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

gboolean
muster_bench_wait (MusterBench *self, unsigned timeout, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return wait_until (self, deadline_in (timeout), error);
}

/* Nothing else is waited for. */
static gboolean
pause_for (MusterBench *self, unsigned milliseconds, GError **error)
{
  gint64 deadline = deadline_in (milliseconds);

  while (wait_until (self, deadline, error))
    ;
  return !g_cancellable_is_cancelled (self->cancellable);
}

static void
muster_bench_cancelled_cb (GCancellable *cancellable, MusterBench *self)
{
  muster_bench_wake (self);
}

static gboolean
fail_late (MusterBench *self, GError **error)
{
  if (error != NULL && *error != NULL)
    return FALSE;
  if (self->heard == 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                 "no board answers at %s: check the cable, the port, and that it has its firmware",
                 self->port);
  else if (self->serial[0] == '\0' && !self->is_met)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                 "what comes from %s is no board's answer: check its firmware and baud rate",
                 self->port);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                 "the board at %s did not answer in time", self->port);
  return FALSE;
}

/* --- the link --- */

static guint32
get_now (void)
{
  return (guint32)(g_get_monotonic_time () / 1000);
}

/* A frame goes out in one piece: it comes from the core by its runs, and ends with a zero. */
static void
link_send (void *user, const uint8_t *bytes, size_t size)
{
  MusterBench *self = user;

  if (size == 0)
    return;
  g_byte_array_append (self->out, bytes, (guint)size);
  if (bytes[size - 1] != 0)
    return;
  muster_node_line_send (self->line, self->out->data, self->out->len);
  g_byte_array_set_size (self->out, 0);
}

static void
link_random (void *user, void *out, size_t size)
{
  randombytes_buf (out, size);
}

static bool
link_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  MusterBench *self = user;

  if (serial.size > 0)
    memcpy (self->serial, serial.data, serial.size);
  self->serial[serial.size] = '\0';
  self->is_met = TRUE;
  muster_bench_wake (self);
  if (self->key_serial == NULL || !g_str_equal (self->key_serial, self->serial))
    return false;
  memcpy (key, self->key, MF_LINK_KEY);
  return true;
}

static void
sample_cb (const MusterUnitSample *sample, gpointer user_data)
{
  MusterBench *self = user_data;

  if (sample->metric == self->sampled)
    self->sample = *sample;
}

static void
take_reply (MusterBench *self, struct mf_bytes payload)
{
  if (self->asked == 0 || self->reply_size > 0 || payload.size > REPLY_MAX)
    return;
  memcpy (self->reply, payload.data, payload.size);
  self->reply_size = payload.size;
}

static bool
link_received (void *user, struct mf_bytes payload)
{
  MusterBench *self = user;

  if (payload.size == 0)
    return true;
  if (payload.data[0] == MF_UNIT_IDENTITY)
    self->is_known |=
      muster_unit_message_read_identity (payload.data, payload.size, &self->identity);
  else if (payload.data[0] == MF_UNIT_SAMPLES)
    muster_unit_message_read_samples (payload.data, payload.size, sample_cb, self);
  else
    take_reply (self, payload);
  muster_bench_wake (self);
  return true;
}

static void
link_delivered (void *user)
{
  muster_bench_wake (user);
}

static void
link_changed (void *user, bool up)
{
  MusterBench *self = user;

  self->is_known = FALSE;
  g_ptr_array_set_size (self->metrics, 0);
  muster_bench_wake (self);
}

static const struct mf_link_ops link_ops = {
  .send = link_send,
  .random = link_random,
  .key = link_key,
  .received = link_received,
  .delivered = link_delivered,
  .changed = link_changed,
};

static gboolean
muster_bench_timer_cb (gpointer user_data)
{
  MusterBench *self = user_data;

  self->timer = 0;
  muster_bench_step (self);
  return G_SOURCE_REMOVE;
}

static void
muster_bench_step (MusterBench *self)
{
  guint wait = mf_link_step (&self->link, get_now ());

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (MAX (wait, 1), muster_bench_timer_cb, self);
}

static void
line_opened_cb (gpointer user_data)
{
  MusterBench *self = user_data;

  mf_link_opened (&self->link);
  muster_bench_step (self);
}

static void
line_came_cb (gpointer user_data, const guint8 *bytes, gsize size)
{
  MusterBench *self = user_data;

  self->heard += size;
  mf_link_bytes (&self->link, get_now (), bytes, size);
  muster_bench_step (self);
}

static void
line_lost_cb (gpointer user_data)
{
  MusterBench *self = user_data;

  mf_link_drop (&self->link);
  muster_bench_wake (self);
}

static const MusterNodeLineEvents line_events = { line_opened_cb, line_came_cb, line_lost_cb };

static gboolean
check_port (const char *port, GError **error)
{
  if (!g_path_is_absolute (port) || g_access (port, R_OK | W_OK) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s cannot be opened: %s", port,
               g_strerror (errno));
  return FALSE;
}

MusterBench *
muster_bench_new (const char *port, GCancellable *cancellable, GError **error)
{
  MusterBench *self = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (port != NULL, NULL);

  if (!check_port (port, error))
    return NULL;
  self = g_new0 (MusterBench, 1);
  self->port = g_strdup (port);
  self->out = g_byte_array_new ();
  self->metrics = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_object_ref (cancellable);
  self->sampled = -1;
  mf_link_init (&self->link, MF_LINK_GATEWAY, &link_ops, self, self->rx, sizeof self->rx, self->tx,
                sizeof self->tx);
  self->line = muster_node_line_new (port, &line_events, self, &cause);
  if (self->line == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "%s", cause->message);
      muster_bench_free (self);
      return NULL;
    }
  self->cancelled_id =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (muster_bench_cancelled_cb), self);
  return self;
}

void
muster_bench_free (MusterBench *self)
{
  g_return_if_fail (self != NULL);

  g_clear_signal_handler (&self->cancelled_id, self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->line, muster_node_line_free);
  dex_clear (&self->waiter);
  sodium_memzero (self->key, sizeof self->key);
  sodium_memzero (&self->link, sizeof self->link);
  g_object_unref (self->cancellable);
  g_byte_array_unref (self->out);
  g_ptr_array_unref (self->metrics);
  g_free (self->key_serial);
  g_free (self->port);
  g_free (self);
}

/* --- who is there --- */

/* Without waiting for the next time that the link would ask. */
static void
ask_anew (MusterBench *self)
{
  self->is_met = FALSE;
  mf_link_drop (&self->link);
  self->link.shaking = false;
  muster_bench_step (self);
}

const char *
muster_bench_get_serial (MusterBench *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->serial;
}

const MusterUnitIdentity *
muster_bench_get_identity (MusterBench *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->identity;
}

void
muster_bench_learn_key (MusterBench *self,
                        const char  *serial,
                        const guint8 key[MUSTER_BENCH_KEY_SIZE])
{
  g_return_if_fail (self != NULL && serial != NULL && key != NULL);

  g_set_str (&self->key_serial, serial);
  memcpy (self->key, key, sizeof self->key);
  self->bad_tags = self->link.bad_tags;
  ask_anew (self);
}

/* Whether it is known by now who is there. */
static gboolean
tell_unit (MusterBench *self, MusterBenchUnit *unit)
{
  if (self->link.state == MF_LINK_UP && self->is_known)
    *unit = MUSTER_BENCH_UNIT_KNOWN;
  else if (!self->is_met)
    return FALSE;
  else if (self->serial[0] == '\0')
    *unit = MUSTER_BENCH_UNIT_BLANK;
  else if (self->key_serial == NULL || !g_str_equal (self->key_serial, self->serial))
    *unit = MUSTER_BENCH_UNIT_STRANGER;
  else if (self->link.bad_tags != self->bad_tags)
    *unit = MUSTER_BENCH_UNIT_ALIEN;
  else
    return FALSE;
  return TRUE;
}

gboolean
muster_bench_meet (MusterBench *self, unsigned timeout, MusterBenchUnit *unit, GError **error)
{
  gint64 deadline = deadline_in (timeout);

  g_return_val_if_fail (self != NULL && unit != NULL, FALSE);

  while (!tell_unit (self, unit))
    if (!wait_until (self, deadline, error))
      return tell_unit (self, unit) || fail_late (self, error);
  return TRUE;
}

static void
give_identity (MusterBench *self)
{
  const struct mf_bytes serial = { (const uint8_t *)self->key_serial, strlen (self->key_serial) };

  mf_link_provision (&self->link, get_now (), serial, self->key);
}

gboolean
muster_bench_provision (MusterBench *self,
                        const char  *serial,
                        const guint8 key[MUSTER_BENCH_KEY_SIZE],
                        unsigned     timeout,
                        GError     **error)
{
  gint64          deadline = deadline_in (timeout);
  MusterBenchUnit unit = MUSTER_BENCH_UNIT_BLANK;

  g_return_val_if_fail (self != NULL && serial != NULL && key != NULL, FALSE);

  g_set_str (&self->key_serial, serial);
  memcpy (self->key, key, sizeof self->key);
  /* What it was given may be lost on the line, and comes again as long as it says that it has none:
   * it takes it once. */
  while (unit == MUSTER_BENCH_UNIT_BLANK)
    {
      gint64 left = deadline - g_get_monotonic_time ();

      if (left <= 0)
        return fail_late (self, error);
      give_identity (self);
      if (!pause_for (self, SETTLE_MS, error))
        return FALSE;
      muster_bench_learn_key (self, serial, key);
      if (!muster_bench_meet (self, (unsigned)MAX (left / 1000, 1), &unit, error))
        return FALSE;
    }
  if (unit == MUSTER_BENCH_UNIT_KNOWN)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
               "the board did not take its serial number %s: it says that it is %s", serial,
               self->serial);
  return FALSE;
}

/* --- asking --- */

static gboolean
fail_lost (MusterBench *self, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
               "the board at %s was lost: check its cable and its power", self->port);
  return FALSE;
}

/* A session stands, now or within the time that one takes. */
static gboolean
await_session (MusterBench *self, gint64 deadline, GError **error)
{
  while (self->link.state != MF_LINK_UP || !self->is_known)
    if (!wait_until (self, deadline, error))
      return error == NULL || *error == NULL ? fail_lost (self, error) : FALSE;
  return TRUE;
}

static gboolean
send_request (MusterBench *self, const guint8 *request, gsize size, gint64 deadline, GError **error)
{
  size_t   room = 0;
  uint8_t *out = NULL;

  while ((out = mf_link_open (&self->link, &room)) == NULL || room < size)
    {
      if (self->link.state != MF_LINK_UP)
        return fail_lost (self, error);
      if (!wait_until (self, deadline, error))
        return fail_late (self, error);
    }
  memcpy (out, request, size);
  self->asked = request[0];
  self->reply_size = 0;
  mf_link_close (&self->link, get_now (), size);
  muster_bench_step (self);
  return TRUE;
}

/* Asks, and waits for the answer, which lies in `reply` then. */
static gboolean
ask (MusterBench *self, const guint8 *request, gsize size, unsigned timeout, GError **error)
{
  gint64   deadline = deadline_in (timeout);
  gboolean answered = FALSE;

  if (!await_session (self, deadline, error) ||
      !send_request (self, request, size, deadline, error))
    return FALSE;
  while (!(answered = self->reply_size > 0))
    if (self->link.state != MF_LINK_UP)
      {
        fail_lost (self, error);
        break;
      }
    else if (!wait_until (self, deadline, error) && self->reply_size == 0)
      {
        fail_late (self, error);
        break;
      }
  self->asked = 0;
  return answered;
}

static gboolean
fail_odd (GError **error)
{
  g_set_error_literal (
    error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
    "the board's answer cannot be read: check that its firmware is of this kind");
  return FALSE;
}

/* The answer is a RESULT that says that it is done. */
static gboolean
check_result (MusterBench *self, GError **error)
{
  MusterUnitResult result;

  if (!muster_unit_message_read_result (self->reply, self->reply_size, &result))
    return fail_odd (error);
  if (result.status == MF_UNIT_DONE)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                       muster_unit_status_describe (result.status));
  return FALSE;
}

static gboolean
learn_metric (MusterBench *self, guint8 number, unsigned timeout, GError **error)
{
  const guint8      request[] = { MF_UNIT_ASK_METRIC, number };
  MusterUnitMetric *metric = g_new0 (MusterUnitMetric, 1);

  if (!ask (self, request, sizeof request, timeout, error) ||
      (!muster_unit_message_read_metric (self->reply, self->reply_size, metric) &&
       !fail_odd (error)))
    {
      g_free (metric);
      return FALSE;
    }
  g_ptr_array_add (self->metrics, metric);
  return TRUE;
}

static const MusterUnitMetric *
find_learnt (MusterBench *self, const char *name)
{
  for (guint i = 0; i < self->metrics->len; i++)
    if (g_str_equal (((const MusterUnitMetric *)self->metrics->pdata[i])->name, name))
      return self->metrics->pdata[i];
  return NULL;
}

const MusterUnitMetric *
muster_bench_find_metric (MusterBench *self, const char *name, unsigned timeout, GError **error)
{
  const MusterUnitMetric *metric = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  if (!await_session (self, deadline_in (SESSION_MS), error))
    return NULL;
  while ((metric = find_learnt (self, name)) == NULL &&
         self->metrics->len < self->identity.n_metrics)
    if (!learn_metric (self, (guint8)self->metrics->len, timeout, error))
      return NULL;
  if (metric != NULL)
    return metric;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "the board has no metric “%s”", name);
  return NULL;
}

gboolean
muster_bench_read (MusterBench            *self,
                   const MusterUnitMetric *metric,
                   unsigned                timeout,
                   double                 *value,
                   GError                **error)
{
  const guint8 number = metric->number, type = metric->type;
  const guint8 request[] = { MF_UNIT_READ, number };
  gint64       deadline = deadline_in (timeout);
  gboolean     good = TRUE;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  self->sampled = number;
  self->sample.metric = G_MAXUINT8;
  good = ask (self, request, sizeof request, timeout, error) && check_result (self, error);
  while (good && self->sample.metric != number)
    good = wait_until (self, deadline, error) || fail_late (self, error);
  self->sampled = -1;
  if (good && self->sample.is_null)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the sensor does not answer");
  if (!good || self->sample.is_null)
    return FALSE;
  *value = muster_unit_value_widen (type, self->sample.bits);
  return TRUE;
}

gboolean
muster_bench_write (MusterBench            *self,
                    const MusterUnitMetric *metric,
                    double                  value,
                    unsigned                timeout,
                    GError                **error)
{
  guint8  request[6] = { MF_UNIT_WRITE, metric->number };
  guint32 bits = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!muster_unit_value_narrow (metric->type, value, &bits))
    {
      g_autofree char *number = muster_number_format (value, 6);

      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                   "“%s” cannot be %s: it is of another type", metric->name, number);
      return FALSE;
    }
  mf_put32 (request + 2, bits);
  return ask (self, request, sizeof request, timeout, error) && check_result (self, error);
}

gboolean
muster_bench_blink (MusterBench *self, gboolean on, unsigned timeout, GError **error)
{
  const guint8 request[] = { MF_UNIT_BLINK, on != FALSE };

  g_return_val_if_fail (self != NULL, FALSE);

  return ask (self, request, sizeof request, timeout, error) && check_result (self, error);
}

gboolean
muster_bench_check (MusterBench     *self,
                    guint8           number,
                    unsigned         timeout,
                    MusterUnitCheck *check,
                    gboolean        *is_last,
                    GError         **error)
{
  const guint8     request[] = { MF_UNIT_SELF_TEST, number };
  MusterUnitResult result;

  g_return_val_if_fail (self != NULL && check != NULL && is_last != NULL, FALSE);

  if (!ask (self, request, sizeof request, timeout, error))
    return FALSE;
  *is_last = muster_unit_message_read_result (self->reply, self->reply_size, &result) &&
             result.status == MF_UNIT_NO_METRIC;
  if (*is_last || muster_unit_message_read_check (self->reply, self->reply_size, check))
    return TRUE;
  return check_result (self, error) && fail_odd (error);
}

gboolean
muster_bench_reboot (MusterBench *self, unsigned timeout, GError **error)
{
  const guint8    request[] = { MF_UNIT_REBOOT };
  gint64          deadline = deadline_in (timeout);
  guint32         starts = 0;
  MusterBenchUnit unit;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!await_session (self, deadline, error))
    return FALSE;
  starts = self->identity.starts;
  if (!ask (self, request, sizeof request, timeout, error) || !check_result (self, error) ||
      !pause_for (self, RESET_MS, error))
    return FALSE;
  ask_anew (self);
  if (!muster_bench_meet (self, (unsigned)MAX ((deadline - g_get_monotonic_time ()) / 1000, 1),
                          &unit, error))
    return FALSE;
  if (unit != MUSTER_BENCH_UNIT_KNOWN)
    return fail_lost (self, error);
  if (self->identity.starts == starts)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                           "the board did not start anew");
      return FALSE;
    }
  return TRUE;
}
