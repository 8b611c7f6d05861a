/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-wedge"

#include "config.h"

#include <string.h>

#include "muster-wedge.h"

/* A scanner that announces itself may be slower: one by radio, say. */
#define GAP_FACTOR_WITH_PREFIX 3

struct _MusterWedge
{
  unsigned    gap;
  unsigned    minimum;
  char       *prefix; /* (owned) "" for none */
  char       *suffix; /* (owned) (nullable) */
  GString    *typed;  /* (owned) what the held keys type */
  unsigned    n_typed;
  gint64      last;  /* when the newest of them went down */
  gint64      ended; /* when the newest scan did by its suffix, or G_MININT64 */
  GString    *code;  /* (owned) of the newest scan */
  GHashTable *down;  /* (owned) set of key codes that are down */
  GHashTable *taken; /* (owned) set of those whose going down was part of a scan */
  gboolean    holding;
};

MusterWedge *
muster_wedge_new (const MusterWedgeOptions *options)
{
  MusterWedge *self = g_new0 (MusterWedge, 1);

  self->prefix = g_strdup (options->prefix != NULL ? options->prefix : "");
  self->suffix =
    options->suffix != NULL && *options->suffix != '\0' ? g_strdup (options->suffix) : NULL;
  self->gap = options->gap * (*self->prefix != '\0' ? GAP_FACTOR_WITH_PREFIX : 1);
  self->minimum = *self->prefix != '\0' ? 1 : MAX (1, options->minimum);
  self->ended = G_MININT64;
  self->typed = g_string_new (NULL);
  self->code = g_string_new (NULL);
  self->down = g_hash_table_new (NULL, NULL);
  self->taken = g_hash_table_new (NULL, NULL);
  return self;
}

void
muster_wedge_free (MusterWedge *self)
{
  g_free (self->prefix);
  g_free (self->suffix);
  g_string_free (self->typed, TRUE);
  g_string_free (self->code, TRUE);
  g_hash_table_unref (self->down);
  g_hash_table_unref (self->taken);
  g_free (self);
}

static void
forget (MusterWedge *self)
{
  g_string_truncate (self->typed, 0);
  self->n_typed = 0;
  self->holding = FALSE;
}

/* Whether what was typed until now can be the beginning of a scan. */
static gboolean
is_promising (MusterWedge *self)
{
  gsize length = MIN (self->typed->len, strlen (self->prefix));

  return self->n_typed <= MUSTER_WEDGE_LONGEST &&
         memcmp (self->typed->str, self->prefix, length) == 0;
}

/* Takes the code out of what was typed; FALSE where there is none. */
static gboolean
take_code (MusterWedge *self, gsize suffix_length)
{
  gsize prefix_length = strlen (self->prefix);
  gsize length = self->typed->len;

  if (length < prefix_length + suffix_length ||
      !g_str_has_prefix (self->typed->str, self->prefix) ||
      g_utf8_strlen (self->typed->str + prefix_length, length - prefix_length - suffix_length) <
        self->minimum)
    return FALSE;
  g_string_truncate (self->code, 0);
  g_string_append_len (self->code, self->typed->str + prefix_length,
                       length - prefix_length - suffix_length);
  return TRUE;
}

static MusterWedgeAnswer
hand_on (MusterWedge *self)
{
  MusterWedgeAnswer answer = self->holding ? MUSTER_WEDGE_REPLAY : MUSTER_WEDGE_PASS;

  forget (self);
  return answer;
}

/* The keys of a scan that are still down come up in vain. */
static MusterWedgeAnswer
complete (MusterWedge *self, MusterWedgeAnswer answer)
{
  GHashTableIter iter;
  gpointer       keycode;

  g_hash_table_iter_init (&iter, self->down);
  while (g_hash_table_iter_next (&iter, &keycode, NULL))
    g_hash_table_add (self->taken, keycode);
  forget (self);
  return answer;
}

static MusterWedgeAnswer
type (MusterWedge *self, gunichar character, gint64 time)
{
  g_string_append_unichar (self->typed, character);
  self->n_typed++;
  self->last = time;
  if (!is_promising (self))
    return hand_on (self);
  if (self->suffix != NULL && g_str_has_suffix (self->typed->str, self->suffix) &&
      take_code (self, strlen (self->suffix)))
    {
      self->ended = time;
      return complete (self, MUSTER_WEDGE_SCAN);
    }
  self->holding = TRUE;
  return MUSTER_WEDGE_HOLD;
}

static MusterWedgeAnswer
end (MusterWedge *self, gint64 time)
{
  gboolean is_tail = self->ended != G_MININT64 && time - self->ended <= self->gap;

  self->ended = G_MININT64;
  /* Many a scanner sends Enter behind the suffix that it was told to send. */
  if (is_tail && !self->holding)
    return complete (self, MUSTER_WEDGE_DROP);
  if (self->suffix == NULL && self->holding && take_code (self, 0))
    return complete (self, MUSTER_WEDGE_SCAN);
  return hand_on (self);
}

MusterWedgeAnswer
muster_wedge_press (MusterWedge *self, unsigned keycode, gunichar character, gint64 time)
{
  gboolean repeated = !g_hash_table_add (self->down, GUINT_TO_POINTER (keycode));
  gboolean is_end = character == '\r' || character == '\t';

  g_hash_table_remove (self->taken, GUINT_TO_POINTER (keycode));
  /* A key that is held down repeats as fast as a scanner types, but never comes up between. */
  if (repeated || character == 0)
    return hand_on (self);
  if (self->holding && time - self->last > self->gap)
    {
      forget (self);
      /* What came before was typed; this may be the beginning of a scan. */
      return !is_end && type (self, character, time) == MUSTER_WEDGE_HOLD ? MUSTER_WEDGE_RENEW
                                                                          : MUSTER_WEDGE_REPLAY;
    }
  return is_end ? end (self, time) : type (self, character, time);
}

MusterWedgeAnswer
muster_wedge_release (MusterWedge *self, unsigned keycode)
{
  gpointer key = GUINT_TO_POINTER (keycode);

  g_hash_table_remove (self->down, key);
  if (g_hash_table_remove (self->taken, key))
    return MUSTER_WEDGE_DROP;
  return self->holding ? MUSTER_WEDGE_HOLD : MUSTER_WEDGE_PASS;
}

MusterWedgeAnswer
muster_wedge_expire (MusterWedge *self)
{
  return hand_on (self);
}

void
muster_wedge_reset (MusterWedge *self)
{
  g_hash_table_remove_all (self->down);
  g_hash_table_remove_all (self->taken);
}

unsigned
muster_wedge_get_gap (MusterWedge *self)
{
  return self->gap;
}

const char *
muster_wedge_get_code (MusterWedge *self)
{
  return self->code->str;
}
