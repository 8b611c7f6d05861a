/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-digest"

#include "config.h"

#include <string.h>

#include "muster-journal-digest.h"

/* Records compared at a time: a report may have some hundred kilobytes. */
#define SLICE 100

char *
muster_journal_make_digest (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text != NULL ? text : "", -1);
}

/* The field that DIGEST is the digest of, or NULL. */
static const MusterField *
find_vouched (const MusterEntityInfo *info, const MusterField *digest)
{
  gsize length = 0;

  if (!g_str_has_suffix (digest->name, MUSTER_DIGEST_SUFFIX))
    return NULL;
  length = strlen (digest->name) - strlen (MUSTER_DIGEST_SUFFIX);
  for (unsigned i = 0; i < info->n_fields; i++)
    if ((info->fields[i].flags & MUSTER_FIELD_VOLATILE) != 0 &&
        strlen (info->fields[i].name) == length &&
        strncmp (info->fields[i].name, digest->name, length) == 0)
      return &info->fields[i];
  return NULL;
}

gboolean
muster_journal_find_digest (const MusterEntityInfo *info,
                            const MusterField     **digest,
                            const MusterField     **vouched)
{
  g_return_val_if_fail (info != NULL && digest != NULL && vouched != NULL, FALSE);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      *digest = &info->fields[i];
      *vouched = find_vouched (info, *digest);
      if (*vouched != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The records behind :after, each with what the journal said last of its digest. Both are of one
 * moment, so that what is written meanwhile does not look altered. */
static char *
make_sql (const MusterEntityInfo *info, const char *digest, const char *vouched)
{
  return g_strdup_printf (
    "SELECT e.row, e.id, e.%s, j.sequence, json_extract (j.after, '$.%s') FROM "
    "(SELECT row, id, %s FROM %s WHERE row > :after ORDER BY row LIMIT :limit) AS e "
    "LEFT JOIN journal AS j ON j.sequence = (SELECT max (sequence) FROM journal "
    "WHERE entity_id = e.id AND entity = '%s' AND json_type (after, '$.%s') IS NOT NULL) "
    "ORDER BY e.row",
    vouched, digest, vouched, info->table, info->name, digest);
}

static void
compare (MusterStatement        *statement,
         const MusterEntityInfo *info,
         const char             *vouched,
         MusterDigestFunc        func,
         gpointer                user_data)
{
  const char      *said = muster_statement_get_text (statement, 4);
  g_autofree char *digest = NULL;
  g_autofree char *detail = NULL;

  if (said == NULL)
    return;
  digest = muster_journal_make_digest (muster_statement_get_text (statement, 2));
  if (g_str_equal (digest, said))
    return;
  detail = g_strdup_printf ("the %s of %s %s is not the one that it vouches for", vouched,
                            info->name, muster_statement_get_text (statement, 1));
  func (muster_statement_get_integer (statement, 3), detail, user_data);
}

gboolean
muster_journal_check_digests (MusterTransaction      *transaction,
                              const MusterEntityInfo *info,
                              gint64                 *row,
                              gboolean               *goes_on,
                              MusterDigestFunc        func,
                              gpointer                user_data,
                              GError                **error)
{
  const MusterField *digest = NULL, *vouched = NULL;
  g_autofree char   *sql = NULL;
  g_autoptr (MusterStatement) statement = NULL;
  MusterStep step;
  unsigned   n_rows = 0;

  g_return_val_if_fail (transaction != NULL && info != NULL, FALSE);
  g_return_val_if_fail (row != NULL && goes_on != NULL && func != NULL, FALSE);

  *goes_on = FALSE;
  if (!muster_journal_find_digest (info, &digest, &vouched))
    return TRUE;
  sql = make_sql (info, digest->name, vouched->name);
  statement = muster_statement_new (transaction->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", *row);
  muster_statement_bind_integer (statement, ":limit", SLICE);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      *row = muster_statement_get_integer (statement, 0);
      n_rows++;
      compare (statement, info, vouched->name, func, user_data);
    }
  *goes_on = n_rows == SLICE;
  return step == MUSTER_STEP_DONE;
}
