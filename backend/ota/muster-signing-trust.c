/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signing-trust"

#include "config.h"

#include <glib/gstdio.h>

#include "core/muster-promise.h"
#include "muster-firmware-service-private.h"
#include "muster-signing-private.h"
#include "muster-update-signature.h"

/* --- looking again at what is here --- */

/* One key whose files are looked at. */
typedef struct
{
  MusterFirmwareService *firmware; /* (owned) */
  MusterActor           *actor;    /* (owned) */
  MusterEntity          *key;      /* (owned) */
} Pass;

static void
pass_free (gpointer data)
{
  Pass *self = data;

  g_object_unref (self->firmware);
  muster_actor_unref (self->actor);
  g_object_unref (self->key);
  g_free (self);
}

static Pass *
pass_new (MusterFirmwareService *firmware, MusterActor *actor, MusterEntity *key)
{
  Pass *self = g_new0 (Pass, 1);

  self->firmware = g_object_ref (firmware);
  self->actor = muster_actor_ref (actor);
  self->key = g_object_ref (key);
  return self;
}

static MusterDatabase *
get_database (MusterFirmwareService *firmware)
{
  return muster_repository_get_database (muster_firmware_service_get_repository (firmware));
}

static MusterQuery *
query_foreign (void)
{
  MusterQuery *query = muster_query_new (&muster_firmware_artifact_info);

  muster_query_where (query, "trust", "foreign");
  muster_query_set_limit (query, 0);
  return query;
}

static gboolean
select_job (MusterTransaction *transaction, MusterQuery *query, GValue *result, GError **error)
{
  GPtrArray *records = muster_transaction_select (transaction, query, error);

  if (records == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, records);
  return TRUE;
}

static gboolean
list_foreign_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = query_foreign ();

  return select_job (transaction, query, result, error);
}

/* What a file that was looked at once more is worth now. */
typedef struct
{
  MusterEntity       *artifact; /* (owned): as it was */
  MusterArtifactTrust trust;
  char                key_id[37];
} Weighed;

static void
weighed_free (gpointer data)
{
  g_object_unref (((Weighed *)data)->artifact);
  g_free (data);
}

static gboolean
weigh_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Weighed *self = data;
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                      muster_entity_get_id (self->artifact), error);

  /* Other bytes may have come since. */
  if (artifact == NULL || g_strcmp0 (muster_entity_get_string (artifact, "sha256"),
                                     muster_entity_get_string (self->artifact, "sha256")) != 0)
    return artifact != NULL;
  if (!muster_firmware_settle_trust (transaction, self->key_id, &self->trust, error))
    return FALSE;
  muster_entity_set_enum (artifact, "trust", self->trust);
  muster_entity_set_string (artifact, "signing_key_id", self->key_id);
  return muster_transaction_update (transaction, artifact, 0, error);
}

/* In a fiber. Firmware that was refused meanwhile, or whose bytes are gone, stays as it is. */
static gboolean
weigh_again (Pass *self, MusterEntity *artifact, GError **error)
{
  MusterFirmwareStore *store = muster_firmware_service_get_store (self->firmware);
  const char          *sha256 = muster_entity_get_string (artifact, "sha256");
  g_autofd int         fd = sha256 != NULL ? muster_firmware_store_open (store, sha256, NULL) : -1;
  g_auto (MusterFirmwareFacts) facts = { 0 };
  Weighed *weighed = NULL;

  if (fd < 0 || !muster_firmware_service_read_facts (self->firmware, fd, &facts, NULL) ||
      *facts.key_id == '\0')
    return TRUE;
  weighed = g_new0 (Weighed, 1);
  weighed->artifact = g_object_ref (artifact);
  weighed->trust = facts.trust;
  g_strlcpy (weighed->key_id, facts.key_id, sizeof weighed->key_id);
  return dex_await (muster_database_write (get_database (self->firmware), self->actor,
                                           "Check a signature", weigh_job, weighed, weighed_free),
                    error);
}

/* --- how far it is --- */

typedef struct
{
  char  *id; /* of the key */
  gint64 to_check;
} Mark;

static void
mark_free (gpointer data)
{
  g_free (((Mark *)data)->id);
  g_free (data);
}

static gboolean
mark_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Mark *self = data;
  g_autoptr (MusterEntity) key =
              muster_transaction_get (transaction, &muster_signing_key_info, self->id, error);

  if (key == NULL)
    return FALSE;
  muster_entity_set_integer (key, "to_check", self->to_check);
  return muster_transaction_touch (transaction, key, error);
}

static gboolean
mark (Pass *self, gint64 to_check, GError **error)
{
  Mark *mark = g_new0 (Mark, 1);

  mark->id = g_strdup (muster_entity_get_id (self->key));
  mark->to_check = to_check;
  return dex_await (muster_database_write (get_database (self->firmware), self->actor, NULL,
                                           mark_job, mark, mark_free),
                    error);
}

/* The last thing is to say that none is left: a daemon that ends before begins again. */
static DexFuture *
pass_fiber (gpointer user_data)
{
  Pass *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) foreign = dex_await_boxed (
    muster_database_read (get_database (self->firmware), list_foreign_job, NULL, NULL), &error);

  for (guint i = 0; foreign != NULL && error == NULL && i < foreign->len; i++)
    if (weigh_again (self, foreign->pdata[i], &error))
      mark (self, foreign->len - i, &error);
  if (error == NULL && mark (self, 0, &error))
    return dex_future_new_true ();
  return dex_future_new_for_error (g_steal_pointer (&error));
}

static void
start_pass (MusterFirmwareService *firmware, MusterActor *actor, MusterEntity *key)
{
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        dex_scheduler_spawn (NULL, 0, pass_fiber, pass_new (firmware, actor, key),
                                             pass_free),
                        "firmware is not checked by a key that is trusted now");
}

/* --- a key or certificate to trust --- */

static gboolean
trust_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = query_foreign ();
  gint64 count = muster_transaction_count (transaction, query, error);

  if (count < 0)
    return FALSE;
  muster_entity_set_integer (data, "to_check", count);
  return muster_signing_insert_job (transaction, data, result, error);
}

static DexFuture *
trusted_cb (DexFuture *future, gpointer user_data)
{
  Pass         *self = user_data;
  MusterEntity *key = g_value_get_object (dex_future_get_value (future, NULL));

  if (muster_entity_get_integer (key, "to_check") > 0)
    start_pass (self->firmware, self->actor, key);
  return dex_ref (future);
}

/* Takes KEY. */
static DexFuture *
trust (MusterFirmwareService *firmware, MusterActor *actor, MusterEntity *key)
{
  Pass *pass = pass_new (firmware, actor, key);

  return dex_future_then (muster_database_write (get_database (firmware), actor,
                                                 "Trust a signing key", trust_job, key,
                                                 g_object_unref),
                          trusted_cb, pass, pass_free);
}

static DexFuture *
refuse (const char *pointer, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  GError *error = NULL;

  muster_field_errors_add (errors, pointer, "%s", detail);
  muster_field_errors_check (errors, &error);
  return dex_future_new_for_error (error);
}

DexFuture *
muster_signing_trust (MusterFirmwareService *firmware,
                      MusterActor           *actor,
                      const char            *name,
                      const char            *public_key)
{
  guint8 bytes[32];

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && name != NULL);

  if (!muster_signing_read_hex (public_key, bytes))
    return refuse ("/public_key", "must be 64 hexadecimal digits: a public key of Ed25519");
  return trust (firmware, actor, muster_signing_make_record (name, bytes, MUSTER_KEY_ELSEWHERE));
}

DexFuture *
muster_signing_trust_certificate (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *name,
                                  const char            *certificate)
{
  guint8        fingerprint[32];
  MusterEntity *key = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && name != NULL && certificate != NULL);

  if (!muster_update_signature_read_certificate (certificate, fingerprint))
    return refuse ("/certificate", "must be a certificate: PEM, -----BEGIN CERTIFICATE-----");
  key = muster_signing_make_record (name, fingerprint, MUSTER_KEY_ELSEWHERE);
  muster_entity_set_string (key, "certificate", certificate);
  return trust (firmware, actor, key);
}

/* --- after a start --- */

static gboolean
list_unfinished_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_signing_key_info);

  muster_query_where (query, "to_check.min", "1");
  muster_query_set_limit (query, 0);
  return select_job (transaction, query, result, error);
}

static DexFuture *
unfinished_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *keys = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (MusterActor) actor = muster_actor_new_system ("firmware");

  for (guint i = 0; i < keys->len; i++)
    start_pass (user_data, actor, keys->pdata[i]);
  return dex_future_new_true ();
}

DexFuture *
muster_signing_resume (MusterFirmwareService *firmware)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));

  return dex_future_then (muster_database_read (get_database (firmware), list_unfinished_job, NULL,
                                                NULL),
                          unfinished_cb, g_object_ref (firmware), g_object_unref);
}
