/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-liveness"

#include "config.h"

#include "model/muster-time.h"
#include "muster-liveness.h"

/* Windows a little above the longest time between two proofs of a healthy device: host records of
 * mDNS live 120 s, the site's own HTTP and TCP questions come every 30 s. */
static const struct
{
  const char *nick;
  const char *label;
  gint64      window;
} kinds[] = {
  [MUSTER_PROOF_MDNS] = { "mdns", "announced", 130 * G_TIME_SPAN_SECOND },
  [MUSTER_PROOF_MQTT] = { "mqtt", "MQTT session", G_MAXINT64 },
  [MUSTER_PROOF_HTTP] = { "http", "HTTP", 90 * G_TIME_SPAN_SECOND },
  [MUSTER_PROOF_TCP] = { "tcp", "TCP", 90 * G_TIME_SPAN_SECOND },
  [MUSTER_PROOF_SAMPLE] = { "sample", "sample", 180 * G_TIME_SPAN_SECOND },
};

#define AFTERLIFE (5 * G_TIME_SPAN_SECOND)

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == MUSTER_N_PROOFS);

const char *
muster_proof_kind_get_nick (MusterProofKind kind)
{
  g_return_val_if_fail (kind < MUSTER_N_PROOFS, NULL);

  return kinds[kind].nick;
}

gint64
muster_proof_kind_get_window (MusterProofKind kind)
{
  g_return_val_if_fail (kind < MUSTER_N_PROOFS, 0);

  return kinds[kind].window;
}

void
muster_liveness_clear (MusterLiveness *self)
{
  for (unsigned i = 0; self->proofs != NULL && i < MUSTER_N_PROOFS; i++)
    g_free (self->proofs[i].detail);
  g_clear_pointer (&self->proofs, g_free);
}

const MusterProof *
muster_liveness_get_proof (const MusterLiveness *self, MusterProofKind kind)
{
  static const MusterProof none = { 0 };

  return self->proofs != NULL ? &self->proofs[kind] : &none;
}

static MusterProof *
muster_liveness_ensure_proofs (MusterLiveness *self)
{
  if (self->proofs == NULL)
    self->proofs = g_new0 (MusterProof, MUSTER_N_PROOFS);
  return self->proofs;
}

/* Samples are stored before they are told of, so the last of a session come after its end. */
static gboolean
muster_liveness_is_echo (MusterLiveness *self, MusterProofKind kind, MusterMoment moment)
{
  const MusterProof *session = muster_liveness_get_proof (self, MUSTER_PROOF_MQTT);

  return kind == MUSTER_PROOF_SAMPLE && session->at != 0 && session->until <= moment.monotonic &&
         moment.monotonic - session->until < AFTERLIFE;
}

void
muster_liveness_report (MusterLiveness *self,
                        MusterProofKind kind,
                        gint64          at,
                        const char     *detail,
                        MusterMoment    moment)
{
  MusterProof *proof = NULL;
  gint64       age = MAX (moment.now - at, 0);
  gboolean     was_fresh;

  g_return_if_fail (kind < MUSTER_N_PROOFS);

  proof = &muster_liveness_ensure_proofs (self)[kind];
  at = moment.now - age;
  if (at < proof->at && proof->until > moment.monotonic)
    return;
  self->heard = TRUE;
  was_fresh = proof->until > moment.monotonic;
  proof->at = MAX (at, proof->at);
  if (muster_liveness_is_echo (self, kind, moment))
    return;
  proof->until =
    kinds[kind].window == G_MAXINT64 ? G_MAXINT64 : moment.monotonic - age + kinds[kind].window;
  /* Why it had ended is over. */
  if (detail != NULL || !was_fresh)
    g_set_str (&proof->detail, detail);
}

void
muster_liveness_withdraw (MusterLiveness *self,
                          MusterProofKind kind,
                          const char     *why,
                          MusterMoment    moment)
{
  g_return_if_fail (kind < MUSTER_N_PROOFS);

  self->heard = TRUE;
  muster_liveness_ensure_proofs (self)[kind].until = moment.monotonic;
  g_set_str (&self->proofs[kind].detail, why);
  if (kind != MUSTER_PROOF_MQTT)
    return;
  self->doubt_until = 0;
  /* What was seen before the session ended says little about now: it counts until the device can
   * have been asked again. */
  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    self->proofs[i].until = MIN (self->proofs[i].until, moment.monotonic + AFTERLIFE);
}

void
muster_liveness_doubt (MusterLiveness *self, gint64 patience, const char *why, MusterMoment moment)
{
  MusterProof *proof = self->proofs != NULL ? &self->proofs[MUSTER_PROOF_MQTT] : NULL;

  if (proof != NULL && proof->until > moment.monotonic)
    {
      proof->until = moment.monotonic;
      g_set_str (&proof->detail, why);
    }
  if (self->state != MUSTER_LIVE_OFFLINE)
    self->doubt_until = moment.monotonic + patience;
}

gboolean
muster_liveness_update (MusterLiveness *self, gboolean expected, MusterMoment moment)
{
  MusterLiveState state = MUSTER_LIVE_UNKNOWN;
  unsigned        fresh = 0;
  gboolean        changed = FALSE;

  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    if (muster_liveness_get_proof (self, i)->until > moment.monotonic)
      fresh |= 1u << i;
  if (fresh != 0)
    state = MUSTER_LIVE_ONLINE;
  else if (moment.monotonic >= self->doubt_until && (self->heard || expected))
    state = MUSTER_LIVE_OFFLINE;
  changed = state != self->state || fresh != self->fresh;
  if (state != self->state)
    self->since = moment.now;
  self->state = state;
  self->fresh = fresh;
  return changed;
}

gint64
muster_liveness_get_deadline (const MusterLiveness *self, gint64 monotonic)
{
  gint64 deadline =
    self->doubt_until > monotonic && self->fresh == 0 ? self->doubt_until : G_MAXINT64;

  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    if (muster_liveness_get_proof (self, i)->until > monotonic)
      deadline = MIN (deadline, self->proofs[i].until);
  return deadline;
}

gint64
muster_liveness_get_last_seen (const MusterLiveness *self)
{
  gint64 last = 0;

  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    last = MAX (last, muster_liveness_get_proof (self, i)->at);
  return last;
}

char *
muster_liveness_describe (const MusterLiveness *self, MusterMoment moment)
{
  GString *text = g_string_new (NULL);

  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    {
      const MusterProof *proof = muster_liveness_get_proof (self, i);
      gboolean           fresh = self->fresh >> i & 1;
      gint64             seconds = MAX (moment.now - proof->at, 0) / G_TIME_SPAN_SECOND;

      /* What is fresh speaks for online; once nothing is, every way says when it last did. */
      if (proof->at == 0 || (self->fresh != 0 && !fresh))
        continue;
      g_string_append (text, text->len > 0 ? ", " : "");
      if (i == MUSTER_PROOF_MQTT)
        g_string_append_printf (text, "%s %s", kinds[i].label, fresh ? "open" : "closed");
      else if (seconds == 0)
        g_string_append_printf (text, "%s just now", kinds[i].label);
      else
        g_string_append_printf (text, "%s %" G_GINT64_FORMAT " s ago", kinds[i].label, seconds);
      if (!fresh && proof->detail != NULL)
        g_string_append_printf (text, " (%s)", proof->detail);
    }
  if (text->len == 0)
    g_string_append (text, "never heard since the start");
  return g_string_free_and_steal (text);
}

static void
append_proof (const MusterLiveness *self, unsigned kind, MusterMoment moment, GString *json)
{
  const MusterProof *proof = muster_liveness_get_proof (self, kind);
  char               time[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append_printf (json,
                          "{\"kind\":\"%s\",\"at\":\"%s\",\"age_ms\":%" G_GINT64_FORMAT
                          ",\"fresh\":%s,\"detail\":",
                          kinds[kind].nick, muster_time_format (proof->at, time),
                          MAX (moment.now - proof->at, 0) / 1000,
                          proof->until > moment.monotonic ? "true" : "false");
  if (proof->detail != NULL)
    muster_json_append_string (json, proof->detail, -1);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
}

void
muster_liveness_append_json (const MusterLiveness *self, MusterMoment moment, GString *json)
{
  char     time[MUSTER_TIME_TEXT_LENGTH + 1];
  gboolean first = TRUE;

  g_string_append_printf (json, "\"state\":\"%s\",\"since\":",
                          muster_enum_get_nick (&muster_live_state_enum, self->state));
  if (self->since != 0)
    g_string_append_printf (json, "\"%s\"", muster_time_format (self->since, time));
  else
    g_string_append (json, "null");
  g_string_append (json, ",\"proofs\":[");
  for (unsigned i = 0; i < MUSTER_N_PROOFS; i++)
    if (muster_liveness_get_proof (self, i)->at != 0)
      {
        g_string_append (json, first ? "" : ",");
        append_proof (self, i, moment, json);
        first = FALSE;
      }
  g_string_append_c (json, ']');
}
