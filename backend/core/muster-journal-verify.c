/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-verify"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "muster-database-private.h"
#include "muster-journal-digest.h"
#include "muster-journal-private.h"

/* A reader is busy with one slice for some ten milliseconds. */
#define SLICE 2000
/* Problems told one by one, and entries looked at closely. */
#define MAX_PROBLEMS 100
#define MAX_SUSPECTS 64

/* An entry whose seals do not fit, with what tells why. */
typedef struct
{
  gint64     sequence;
  gint64     previous; /* the entry before it that is there, or 0 */
  MusterSeal stored;
  guint8     computed[MUSTER_SEAL_CONTENT_LENGTH];
  guint8     before[MUSTER_SEAL_LINK_LENGTH]; /* link of PREVIOUS as stored */
  char      *final;                           /* (owned) (nullable) */
  gboolean   is_sealed;
  gboolean   content_fits;
  gboolean   link_fits;
  gboolean   is_vouched; /* the next entry is linked to this one's seal */
} Suspect;

/* One reading of the journal. On one thread at a time; reference counted. */
typedef struct
{
  const guint8   *key; /* (unowned) */
  MusterChainHead head;
  MusterHeadState head_state;
  gint64          until; /* the last entry when it began */
  gint64          first;
  gint64          last; /* read so far */
  gint64          checked;
  guint8          link[MUSTER_SEAL_LINK_LENGTH]; /* of LAST as stored */
  gboolean        is_suspect;                    /* LAST is the last of SUSPECTS */
  GArray         *suspects;                      /* (element-type Suspect) */
  gint64          n_unnamed;                     /* problems that are not told one by one */
  GPtrArray      *tables;   /* (owned) (nullable): whose records are compared with their digests */
  gint64          row;      /* of the last of the first of TABLES that was compared */
  GString        *problems; /* JSON */
  unsigned        n_problems;
} Reading;

static void
suspect_clear (gpointer data)
{
  g_free (((Suspect *)data)->final);
}

static Reading *
reading_new (void)
{
  Reading *self = g_atomic_rc_box_new0 (Reading);

  self->suspects = g_array_new (FALSE, TRUE, sizeof (Suspect));
  g_array_set_clear_func (self->suspects, suspect_clear);
  self->problems = g_string_new (NULL);
  return self;
}

static void
reading_clear (gpointer data)
{
  Reading *self = data;

  g_array_unref (self->suspects);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_string_free (self->problems, TRUE);
}

static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, reading_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_unref)

static void reading_report (Reading    *self,
                            gint64      sequence,
                            const char *kind,
                            const char *format,
                            ...) G_GNUC_PRINTF (4, 5);

static void
reading_report (Reading *self, gint64 sequence, const char *kind, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list          arguments;

  if (self->n_problems >= MAX_PROBLEMS)
    {
      self->n_unnamed++;
      return;
    }
  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_string_append_printf (self->problems,
                          "%s{\"sequence\":%" G_GINT64_FORMAT ",\"kind\":\"%s\",\"detail\":",
                          self->n_problems++ > 0 ? "," : "", sequence, kind);
  muster_json_append_string (self->problems, detail, -1);
  g_string_append_c (self->problems, '}');
}

/* --- reading --- */

static void
reading_begin_missing (Reading *self, gint64 first, gint64 last)
{
  if (first == last)
    reading_report (self, first, "removed", "entry %" G_GINT64_FORMAT " is missing", first);
  else
    reading_report (self, first, "removed",
                    "entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are missing", first,
                    last);
}

/* SUSPECT as read from the columns sequence, final, hash and the sealed ones. */
static void
suspect_read (Suspect *self, const Reading *reading, MusterStatement *statement)
{
  MusterSealedColumns columns;
  guint8              link[MUSTER_SEAL_LINK_LENGTH];
  g_autoptr (GBytes) hash = muster_statement_get_blob (statement, 2);

  *self =
    (Suspect){ .sequence = muster_statement_get_integer (statement, 0), .previous = reading->last };
  memcpy (self->before, reading->link, sizeof self->before);
  self->is_sealed = g_bytes_get_size (hash) == MUSTER_SEAL_LENGTH;
  if (self->is_sealed)
    memcpy (&self->stored, g_bytes_get_data (hash, NULL), MUSTER_SEAL_LENGTH);
  muster_sealed_columns_read (&columns, statement, 3);
  muster_seal_content (reading->key, &columns, self->computed);
  self->content_fits =
    self->is_sealed && memcmp (self->computed, self->stored.content, sizeof self->computed) == 0;
  muster_seal_link (reading->key, reading->link, self->sequence, self->stored.content,
                    muster_statement_get_text (statement, 1), link);
  self->link_fits = self->is_sealed && memcmp (link, self->stored.link, sizeof link) == 0;
}

static void
reading_take (Reading *self, MusterStatement *statement)
{
  Suspect suspect;

  suspect_read (&suspect, self, statement);
  if (suspect.sequence > self->last + 1)
    reading_begin_missing (self, self->last + 1, suspect.sequence - 1);
  if (self->is_suspect && suspect.link_fits)
    g_array_index (self->suspects, Suspect, self->suspects->len - 1).is_vouched = TRUE;
  self->is_suspect = FALSE;
  if (!suspect.content_fits || !suspect.link_fits)
    {
      if (self->suspects->len < MAX_SUSPECTS)
        {
          suspect.final = g_strdup (muster_statement_get_text (statement, 1));
          g_array_append_val (self->suspects, suspect);
          self->is_suspect = TRUE;
        }
      else
        self->n_unnamed++;
    }
  if (self->first == 0)
    self->first = suspect.sequence;
  self->last = suspect.sequence;
  memcpy (self->link, suspect.stored.link, sizeof self->link);
  self->checked++;
}

static gboolean
slice_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  static const char sql[] = "SELECT sequence, final, hash, " MUSTER_SEALED_COLUMNS
                            " FROM journal WHERE sequence > :after AND sequence <= :until "
                            "ORDER BY sequence LIMIT :limit";
  Reading *self = data;
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  gint64     n_before = self->checked;
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", self->last);
  muster_statement_bind_integer (statement, ":until", self->until);
  muster_statement_bind_integer (statement, ":limit", SLICE);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    reading_take (self, statement);
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, self->checked - n_before == SLICE);
  return step == MUSTER_STEP_DONE;
}

/* Head and end of one moment: what is written later is not the business of this reading. */
static gboolean
begin_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Reading *self = data;

  self->key = transaction->key;
  self->tables = muster_schema_list (transaction->schema);
  return muster_chain_head_load (transaction->connection, self->key, &self->head, &self->head_state,
                                 error) &&
         muster_connection_query_integer (transaction->connection,
                                          "SELECT max (sequence) FROM journal", &self->until,
                                          error);
}

static void
reading_note_digest_cb (gint64 sequence, const char *detail, gpointer user_data)
{
  reading_report (user_data, sequence, "altered", "%s", detail);
}

/* Some records of one table that have digests; in turn, until no table is left. */
static gboolean
digests_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Reading           *self = data;
  const MusterTable *table = self->tables->len > 0 ? self->tables->pdata[0] : NULL;
  gboolean           goes_on = FALSE;

  if (table != NULL && table->journalled &&
      !muster_journal_check_digests (transaction, table->info, &self->row, &goes_on,
                                     reading_note_digest_cb, self, error))
    return FALSE;
  if (table != NULL && !goes_on)
    {
      g_ptr_array_remove_index (self->tables, 0);
      self->row = 0;
    }
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, self->tables->len > 0);
  return TRUE;
}

/* Nothing is asked of the database for tables without digests. */
static void
reading_keep_tables_with_digests (Reading *self)
{
  for (guint i = self->tables->len; i > 0; i--)
    {
      const MusterTable *table = self->tables->pdata[i - 1];
      const MusterField *digest = NULL, *vouched = NULL;

      if (!muster_journal_find_digest (table->info, &digest, &vouched))
        g_ptr_array_remove_index (self->tables, i - 1);
    }
}

/* --- judging --- */

/* Whether SUSPECT's link is that of an entry at SEQUENCE behind one with the link BEFORE. */
static gboolean
suspect_fits (const Suspect *self, const Reading *reading, const guint8 *before, gint64 sequence)
{
  guint8 link[MUSTER_SEAL_LINK_LENGTH];

  muster_seal_link (reading->key, before, sequence, self->stored.content, self->final, link);
  return memcmp (link, self->stored.link, sizeof link) == 0;
}

/* Where among the suspects' places SELF stood: its sequence, or 0. */
static gint64
reading_find_place (const Reading *self, const Suspect *suspect)
{
  for (guint i = 0; i < self->suspects->len; i++)
    {
      const Suspect *before = &g_array_index (self->suspects, Suspect, i);

      if (suspect_fits (suspect, self, before->stored.link, suspect->sequence))
        return suspect->sequence;
      for (guint j = 0; j < self->suspects->len; j++)
        {
          gint64 place = g_array_index (self->suspects, Suspect, j).sequence;

          if (suspect_fits (suspect, self, before->before, place) ||
              suspect_fits (suspect, self, before->stored.link, place))
            return place;
        }
      /* Numbers that were closed up behind an entry taken out. */
      if (suspect_fits (suspect, self, suspect->before, suspect->sequence + i + 1))
        return suspect->sequence + i + 1;
    }
  return 0;
}

/* The suspect whose seal is that of SELF's content, or 0. */
static gint64
reading_find_seal (const Reading *self, const Suspect *suspect)
{
  for (guint i = 0; i < self->suspects->len; i++)
    {
      const Suspect *other = &g_array_index (self->suspects, Suspect, i);

      if (other != suspect && other->is_sealed &&
          memcmp (other->stored.content, suspect->computed, sizeof suspect->computed) == 0)
        return other->sequence;
    }
  return 0;
}

/* Whether the entry before SUSPECT is none of ours: then it is no wonder that the link is broken.
 */
static gboolean
reading_follows_foreign (const Reading *self, const Suspect *suspect)
{
  for (guint i = 0; i < self->suspects->len; i++)
    {
      const Suspect *before = &g_array_index (self->suspects, Suspect, i);

      if (before->sequence == suspect->previous)
        return !before->content_fits;
    }
  return FALSE;
}

/* Its content is what it was; its place, its neighbour or its note is not. */
static void
reading_judge_place (Reading *self, const Suspect *suspect)
{
  static const guint8 nothing[MUSTER_SEAL_LINK_LENGTH];
  gint64              place = reading_find_place (self, suspect);

  if (place != 0 && place != suspect->sequence)
    reading_report (self, suspect->sequence, "reordered",
                    "it was written as entry %" G_GINT64_FORMAT, place);
  else if (place == 0 && suspect_fits (suspect, self, nothing, suspect->sequence) &&
           suspect->sequence > 1)
    reading_report (self, suspect->sequence, "removed",
                    "the chain begins anew here: the record of the journal's end was taken away "
                    "before it was written");
  else if (place == 0 && suspect->previous != suspect->sequence - 1)
    return; /* the gap before it is told already */
  else if (place == 0 && reading_follows_foreign (self, suspect))
    return; /* as is the entry before it */
  else if (place == 0 && suspect->is_vouched)
    reading_report (self, suspect->sequence, "altered", "what it says of being final was changed");
  else if (place == 0)
    reading_report (self, suspect->sequence, "removed", "the entry before it is missing");
}

static void
reading_judge (Reading *self, const Suspect *suspect)
{
  gint64 other;

  if (self->head_state == MUSTER_HEAD_SOUND && suspect->sequence > self->head.sequence)
    reading_report (self, suspect->sequence, "foreign",
                    "it stands behind the journal's end, which is entry %" G_GINT64_FORMAT,
                    self->head.sequence);
  else if (!suspect->is_sealed)
    reading_report (self, suspect->sequence, "foreign", "it has no seal");
  else if (suspect->content_fits)
    reading_judge_place (self, suspect);
  else if ((other = reading_find_seal (self, suspect)) != 0)
    reading_report (self, suspect->sequence, "reordered",
                    "what it says was written as entry %" G_GINT64_FORMAT, other);
  else if (suspect->link_fits || suspect->is_vouched)
    reading_report (self, suspect->sequence, "altered", "it is not what was written");
  else
    reading_report (self, suspect->sequence, "foreign", "its seal is not of this site's key");
}

static void
reading_judge_end (Reading *self)
{
  gboolean ends_there = self->last == self->head.sequence;

  if (self->head_state == MUSTER_HEAD_ABSENT && self->last > 0)
    reading_report (self, self->last, "removed", "the record of the journal's end is missing");
  else if (self->head_state == MUSTER_HEAD_FORGED)
    reading_report (self, self->head.sequence, "altered",
                    "the record of the journal's end is not sealed with this site's key");
  else if (self->last < self->head.sequence)
    reading_begin_missing (self, self->last + 1, self->head.sequence);
  else if (ends_there && self->is_suspect &&
           memcmp (self->link, self->head.link, sizeof self->link) == 0)
    g_array_index (self->suspects, Suspect, self->suspects->len - 1).is_vouched = TRUE;
  else if (ends_there && !self->is_suspect &&
           memcmp (self->link, self->head.link, sizeof self->link) != 0)
    reading_report (self, self->last, "altered", "it is not the entry that the journal ended with");
}

static GBytes *
reading_finish (Reading *self)
{
  char     head[2 * MUSTER_SEAL_LINK_LENGTH + 1];
  GString *json = g_string_new (NULL);

  reading_judge_end (self);
  for (guint i = 0; i < self->suspects->len; i++)
    reading_judge (self, &g_array_index (self->suspects, Suspect, i));
  sodium_bin2hex (head, sizeof head, self->head.link, sizeof self->head.link);
  g_string_append_printf (json,
                          "{\"intact\":%s,\"checked\":%" G_GINT64_FORMAT
                          ",\"first_sequence\":%" G_GINT64_FORMAT
                          ",\"last_sequence\":%" G_GINT64_FORMAT ",\"head\":\"%s\",\"problems\":[",
                          self->n_problems == 0 && self->n_unnamed == 0 ? "true" : "false",
                          self->checked, self->first, self->last, head);
  g_string_append (json, self->problems->str);
  g_string_append_printf (json, "],\"more\":%" G_GINT64_FORMAT "}", self->n_unnamed);
  return g_string_free_to_bytes (json);
}

static gboolean
finish_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, reading_finish (data));
  return TRUE;
}

/* FUNC over READING on a reader's thread, which may outlive the fiber. */
static DexFuture *
reading_run (Reading *self, MusterDatabase *database, MusterDatabaseFunc func)
{
  return muster_database_read (database, func, g_atomic_rc_box_acquire (self), reading_unref);
}

/* FUNC as often as it says that there is more. In a fiber. */
static gboolean
reading_run_all (Reading *self, MusterDatabase *database, MusterDatabaseFunc func, GError **error)
{
  g_autoptr (GError) cause = NULL;

  while (dex_await_boolean (reading_run (self, database, func), &cause))
    ;
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static DexFuture *
verify_fiber (gpointer user_data)
{
  MusterDatabase *database = user_data;
  g_autoptr (Reading) reading = reading_new ();
  g_autoptr (GError) error = NULL;

  if (!dex_await (reading_run (reading, database, begin_job), &error) ||
      !reading_run_all (reading, database, slice_job, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  reading_keep_tables_with_digests (reading);
  if (!reading_run_all (reading, database, digests_job, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return reading_run (reading, database, finish_job);
}

DexFuture *
muster_journal_verify (MusterDatabase *database)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  return dex_scheduler_spawn (NULL, 0, verify_fiber, g_object_ref (database), g_object_unref);
}
