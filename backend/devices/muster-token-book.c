/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-token-book"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "core/muster-journal.h"
#include "model/muster-device-token.h"
#include "model/muster-device.h"
#include "muster-token-book.h"

#define PREFIX "mdt_"
#define TOKEN_BYTES 32
#define TOKEN_MAX 100
#define HASH_BYTES 32

struct _MusterTokenBook
{
  MusterService     parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
  GHashTable       *by_hash;    /* (owned) hash → device id */
  unsigned          generation; /* of the newest load: older ones know too little */
};

G_DEFINE_FINAL_TYPE (MusterTokenBook, muster_token_book, MUSTER_TYPE_SERVICE)

static char *
hash_token (const char *token)
{
  guint8 hash[HASH_BYTES];
  char   hex[2 * HASH_BYTES + 1];

  crypto_generichash (hash, sizeof hash, (const guint8 *)token, strlen (token), NULL, 0);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash));
}

static char *
make_token (void)
{
  guint8 bytes[TOKEN_BYTES];
  char   text[sodium_base64_ENCODED_LEN (TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, sizeof bytes);
  return g_strconcat (PREFIX, text, NULL);
}

typedef struct
{
  MusterTokenBook *book;
  unsigned         generation;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->book);
  g_free (load);
}

static DexFuture *
muster_token_book_loaded_cb (DexFuture *future, gpointer user_data)
{
  Load      *load = user_data;
  GPtrArray *tokens = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (load->generation != load->book->generation)
    return dex_future_new_true ();
  g_hash_table_remove_all (load->book->by_hash);
  for (guint i = 0; i < tokens->len; i++)
    g_hash_table_insert (load->book->by_hash,
                         g_strdup (muster_entity_get_string (tokens->pdata[i], "hash")),
                         g_strdup (muster_entity_get_string (tokens->pdata[i], "device_id")));
  return dex_future_new_true ();
}

static DexFuture *
muster_token_book_load (MusterTokenBook *self)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_token_info);
  Load *load = g_new0 (Load, 1);

  load->book = g_object_ref (self);
  load->generation = ++self->generation;
  muster_query_set_limit (query, 0);
  return dex_future_then (muster_repository_select (self->repository, query),
                          muster_token_book_loaded_cb, load, load_free);
}

static gboolean
has_device_id (gpointer key, gpointer value, gpointer user_data)
{
  return g_strcmp0 (value, user_data) == 0;
}

static void
muster_token_book_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterTokenBook    *self = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);

  /* A token goes with its device, without an entry of its own. */
  if (g_str_equal (muster_journal_entry_get_entity (entry), muster_device_info.name) &&
      muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    g_hash_table_foreach_remove (self->by_hash, has_device_id,
                                 (gpointer)muster_journal_entry_get_entity_id (entry));
  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_device_token_info.name))
    return;
  /* What is taken away ends at once, without waiting for a look into the records. */
  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    g_hash_table_foreach_remove (self->by_hash, has_device_id,
                                 (gpointer)json_object_get_string_member_with_default (
                                   muster_journal_entry_get_before (entry), "device_id", NULL));
  dex_future_disown (muster_token_book_load (self));
}

typedef struct
{
  MusterTokenBook *book;
  char            *device_id;
  char            *hash;
  char            *token;
} Issue;

static void
issue_clear (gpointer data)
{
  Issue *issue = data;

  g_object_unref (issue->book);
  g_free (issue->device_id);
  g_free (issue->hash);
  g_free (issue->token);
}

static void
issue_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, issue_clear);
}

static gboolean
store_token (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Issue *issue = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_token_info);
  g_autoptr (MusterEntity) old = NULL;
  g_autoptr (MusterEntity) token = muster_entity_new (&muster_device_token_info);
  g_autoptr (GError) cause = NULL;

  muster_query_where (query, "device_id", issue->device_id);
  old = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (old != NULL && !muster_transaction_delete (transaction, &muster_device_token_info,
                                                 muster_entity_get_id (old), 0, error))
    return FALSE;
  muster_entity_set_string (token, "device_id", issue->device_id);
  muster_entity_set_string (token, "hash", issue->hash);
  return muster_transaction_insert (transaction, token, error);
}

/* The load that the journal began may take a moment; the token works from now on. */
static DexFuture *
muster_token_book_stored_cb (DexFuture *future, gpointer user_data)
{
  Issue *issue = user_data;

  g_hash_table_insert (issue->book->by_hash, g_strdup (issue->hash), g_strdup (issue->device_id));
  return dex_future_new_for_string (issue->token);
}

DexFuture *
muster_token_book_issue (MusterTokenBook *self,
                         MusterActor     *actor,
                         const char      *device_id,
                         const char      *device_name)
{
  g_autofree char *operation = NULL;
  Issue           *issue = NULL;

  g_return_val_if_fail (MUSTER_IS_TOKEN_BOOK (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);

  operation = g_strdup_printf ("Make an access token for %s", device_name);
  issue = g_atomic_rc_box_new0 (Issue);
  issue->book = g_object_ref (self);
  issue->device_id = g_strdup (device_id);
  issue->token = make_token ();
  issue->hash = hash_token (issue->token);
  return dex_future_then (muster_database_write (muster_repository_get_database (self->repository),
                                                 actor, operation, store_token,
                                                 g_atomic_rc_box_acquire (issue), issue_unref),
                          muster_token_book_stored_cb, issue, issue_unref);
}

const char *
muster_token_book_verify (MusterTokenBook *self, const char *token)
{
  g_autofree char *hash = NULL;

  g_return_val_if_fail (MUSTER_IS_TOKEN_BOOK (self), NULL);
  g_return_val_if_fail (token != NULL, NULL);

  if (!g_str_has_prefix (token, PREFIX) || strlen (token) > TOKEN_MAX)
    return NULL;
  hash = hash_token (token);
  return g_hash_table_lookup (self->by_hash, hash);
}

static DexFuture *
muster_token_book_start (MusterService *service)
{
  MusterTokenBook *self = MUSTER_TOKEN_BOOK (service);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_token_book_journal_cb, self);
  return muster_token_book_load (self);
}

static void
muster_token_book_finalize (GObject *object)
{
  MusterTokenBook *self = MUSTER_TOKEN_BOOK (object);

  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->by_hash, g_hash_table_unref);
  G_OBJECT_CLASS (muster_token_book_parent_class)->finalize (object);
}

static void
muster_token_book_class_init (MusterTokenBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_token_book_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "device tokens";
  MUSTER_SERVICE_CLASS (klass)->start = muster_token_book_start;
}

static void
muster_token_book_init (MusterTokenBook *self)
{
  self->by_hash = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

MusterTokenBook *
muster_token_book_new (MusterRepository *repository, MusterBus *bus)
{
  MusterTokenBook *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
  self = g_object_new (MUSTER_TYPE_TOKEN_BOOK, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}
