/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-chain"

#include "config.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-journal-chain.h"

#define HEAD "journal.head"
/* Rows sealed by one statement when a journal of before is sealed. */
#define PAGE 1000

/* What a hash is of begins with what it is for. */
enum
{
  DOMAIN_CONTENT = 'E',
  DOMAIN_LINK = 'L',
  DOMAIN_HEAD = 'H',
};

static void
add_number (crypto_generichash_state *state, gint64 number)
{
  guint64 bytes = GUINT64_TO_LE ((guint64)number);

  crypto_generichash_update (state, (const guint8 *)&bytes, sizeof bytes);
}

static void
add_text (crypto_generichash_state *state, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  add_number (state, text != NULL ? (gint64)length : -1);
  crypto_generichash_update (state, (const guint8 *)text, length);
}

static void
begin (crypto_generichash_state *state, const guint8 *key, guint8 domain, gsize length)
{
  crypto_generichash_init (state, key, MUSTER_JOURNAL_KEY_LENGTH, length);
  crypto_generichash_update (state, &domain, sizeof domain);
}

void
muster_sealed_columns_read (MusterSealedColumns *self, MusterStatement *statement, int column)
{
  self->at = muster_statement_get_integer (statement, column++);
  self->hlc = muster_statement_get_integer (statement, column++);
  self->undoes = muster_statement_get_integer (statement, column++);
  for (size_t i = 0; i < G_N_ELEMENTS (self->texts); i++)
    self->texts[i] = muster_statement_get_text (statement, column++);
}

void
muster_seal_content (const guint8              *key,
                     const MusterSealedColumns *columns,
                     guint8                     content[MUSTER_SEAL_CONTENT_LENGTH])
{
  crypto_generichash_state state;

  begin (&state, key, DOMAIN_CONTENT, MUSTER_SEAL_CONTENT_LENGTH);
  add_number (&state, columns->at);
  add_number (&state, columns->hlc);
  add_number (&state, columns->undoes);
  for (size_t i = 0; i < G_N_ELEMENTS (columns->texts); i++)
    add_text (&state, columns->texts[i]);
  crypto_generichash_final (&state, content, MUSTER_SEAL_CONTENT_LENGTH);
}

void
muster_seal_link (const guint8 *key,
                  const guint8  before[MUSTER_SEAL_LINK_LENGTH],
                  gint64        sequence,
                  const guint8  content[MUSTER_SEAL_CONTENT_LENGTH],
                  const char   *final,
                  guint8        link[MUSTER_SEAL_LINK_LENGTH])
{
  crypto_generichash_state state;

  begin (&state, key, DOMAIN_LINK, MUSTER_SEAL_LINK_LENGTH);
  crypto_generichash_update (&state, before, MUSTER_SEAL_LINK_LENGTH);
  add_number (&state, sequence);
  crypto_generichash_update (&state, content, MUSTER_SEAL_CONTENT_LENGTH);
  add_text (&state, final);
  crypto_generichash_final (&state, link, MUSTER_SEAL_LINK_LENGTH);
}

/* --- the end --- */

static void
seal_head (const guint8 *key, const MusterChainHead *head, guint8 seal[MUSTER_SEAL_LINK_LENGTH])
{
  crypto_generichash_state state;

  begin (&state, key, DOMAIN_HEAD, MUSTER_SEAL_LINK_LENGTH);
  add_number (&state, head->sequence);
  crypto_generichash_update (&state, head->link, MUSTER_SEAL_LINK_LENGTH);
  crypto_generichash_final (&state, seal, MUSTER_SEAL_LINK_LENGTH);
}

static gboolean
parse_hex (const char *text, guint8 bytes[MUSTER_SEAL_LINK_LENGTH])
{
  size_t length = 0;

  return sodium_hex2bin (bytes, MUSTER_SEAL_LINK_LENGTH, text, strlen (text), NULL, &length,
                         NULL) == 0 &&
         length == MUSTER_SEAL_LINK_LENGTH;
}

/* "SEQUENCE:LINK:SEAL", the latter two in hexadecimal digits. */
static gboolean
parse_head (const char *text, const guint8 *key, MusterChainHead *head)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  guint8  seal[MUSTER_SEAL_LINK_LENGTH], expected[MUSTER_SEAL_LINK_LENGTH];
  guint64 sequence = 0;

  if (g_strv_length (parts) != 3 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXINT64, &sequence, NULL))
    return FALSE;
  head->sequence = sequence;
  if (!parse_hex (parts[1], head->link) || !parse_hex (parts[2], seal))
    return FALSE;
  seal_head (key, head, expected);
  return sodium_memcmp (seal, expected, sizeof seal) == 0;
}

gboolean
muster_chain_head_load (MusterConnection *connection,
                        const guint8     *key,
                        MusterChainHead  *head,
                        MusterHeadState  *state,
                        GError          **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (connection,
                                    "SELECT value FROM property WHERE name = '" HEAD "'", error);
  MusterStep step;

  *head = (MusterChainHead){ 0 };
  *state = MUSTER_HEAD_ABSENT;
  if (statement == NULL)
    return FALSE;
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_ROW)
    *state = parse_head (muster_statement_get_text (statement, 0), key, head) ? MUSTER_HEAD_SOUND
                                                                              : MUSTER_HEAD_FORGED;
  return step != MUSTER_STEP_FAILED;
}

gboolean
muster_chain_head_store (MusterConnection      *connection,
                         const guint8          *key,
                         const MusterChainHead *head,
                         GError               **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (connection,
                                    "INSERT INTO property (name, value) VALUES ('" HEAD
                                    "', :value) ON CONFLICT (name) DO UPDATE SET value = :value",
                                    error);
  guint8           seal[MUSTER_SEAL_LINK_LENGTH];
  char             link_hex[2 * MUSTER_SEAL_LINK_LENGTH + 1], seal_hex[sizeof link_hex];
  g_autofree char *value = NULL;

  if (statement == NULL)
    return FALSE;
  seal_head (key, head, seal);
  sodium_bin2hex (link_hex, sizeof link_hex, head->link, sizeof head->link);
  sodium_bin2hex (seal_hex, sizeof seal_hex, seal, sizeof seal);
  value = g_strdup_printf ("%" G_GINT64_FORMAT ":%s:%s", head->sequence, link_hex, seal_hex);
  muster_statement_bind_text (statement, ":value", value);
  return muster_statement_run (statement, error);
}

/* --- opening --- */

static gboolean
store_seal (MusterConnection *connection, gint64 sequence, const MusterSeal *seal, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (connection,
                                    "UPDATE journal SET hash = :hash WHERE sequence = :sequence",
                                    error);
  g_autoptr (GBytes) bytes = g_bytes_new (seal, MUSTER_SEAL_LENGTH);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_blob (statement, ":hash", bytes);
  muster_statement_bind_integer (statement, ":sequence", sequence);
  return muster_statement_run (statement, error);
}

/* Seals the entries after HEAD, as many as one page has; N_ROWS is how many. */
static gboolean
seal_page (MusterConnection *connection,
           const guint8     *key,
           MusterChainHead  *head,
           int              *n_rows,
           GError          **error)
{
  static const char sql[] = "SELECT sequence, final, " MUSTER_SEALED_COLUMNS
                            " FROM journal WHERE sequence > :after ORDER BY sequence LIMIT :limit";
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  MusterStep step;

  *n_rows = 0;
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", head->sequence);
  muster_statement_bind_integer (statement, ":limit", PAGE);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      MusterSealedColumns columns;
      MusterSeal          seal;
      gint64              sequence = muster_statement_get_integer (statement, 0);

      muster_sealed_columns_read (&columns, statement, 2);
      muster_seal_content (key, &columns, seal.content);
      muster_seal_link (key, head->link, sequence, seal.content,
                        muster_statement_get_text (statement, 1), seal.link);
      if (!store_seal (connection, sequence, &seal, error))
        return FALSE;
      head->sequence = sequence;
      memcpy (head->link, seal.link, sizeof seal.link);
      ++*n_rows;
    }
  return step == MUSTER_STEP_DONE;
}

static gboolean
seal_all (MusterConnection *connection, const guint8 *key, MusterChainHead *head, GError **error)
{
  gint64 n_sealed = 0;
  int    n_rows;

  *head = (MusterChainHead){ 0 };
  do
    {
      if (!seal_page (connection, key, head, &n_rows, error))
        return FALSE;
      n_sealed += n_rows;
    }
  while (n_rows > 0);
  if (n_sealed > 0)
    g_message ("sealed %" G_GINT64_FORMAT " entries of the journal", n_sealed);
  return muster_chain_head_store (connection, key, head, error);
}

/* The chain goes on behind all that is there, whatever that is. */
static gboolean
begin_anew (MusterConnection *connection,
            MusterHeadState   state,
            MusterChainHead  *head,
            GError          **error)
{
  gint64 last = 0;

  if (!muster_connection_query_integer (connection, "SELECT max (sequence) FROM journal", &last,
                                        error))
    return FALSE;
  if (state != MUSTER_HEAD_SOUND)
    {
      g_warning ("the record of the journal's end is %s: restore the database or the key that "
                 "belongs to it, or see “musterctl journal verify”",
                 state == MUSTER_HEAD_ABSENT ? "gone" : "not sealed with this site's key");
      memset (head->link, 0, sizeof head->link);
      head->sequence = 0;
    }
  head->sequence = MAX (head->sequence, last);
  return TRUE;
}

gboolean
muster_chain_open (MusterConnection *connection,
                   const guint8     *key,
                   gboolean          is_fresh,
                   MusterChainHead  *head,
                   GError          **error)
{
  MusterHeadState state;

  if (!muster_chain_head_load (connection, key, head, &state, error))
    return FALSE;
  if (state != MUSTER_HEAD_ABSENT || !is_fresh)
    return begin_anew (connection, state, head, error);
  if (!muster_connection_execute (connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (seal_all (connection, key, head, error) &&
      muster_connection_execute (connection, "COMMIT", error))
    return TRUE;
  if (muster_connection_in_transaction (connection))
    muster_connection_execute (connection, "ROLLBACK", NULL);
  return FALSE;
}
