/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signing"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

#include "core/muster-promise.h"
#include "muster-firmware-service-private.h"
#include "muster-key-access.h"
#include "muster-key-file.h"
#include "muster-sealed-key.h"
#include "muster-signing-private.h"
#include "muster-signing.h"
#include "muster-token-uri.h"

#define FOLLOWS "muster-key-follows:"
#define PROOF "muster-key-here:"
/* What a person waits for a token, which may wait for a person: some want to be touched. */
#define TOKEN_SECONDS 60

/* One call on its way, with what must not be left in memory. */
typedef struct
{
  MusterFirmwareService *firmware; /* (owned) */
  MusterActor           *actor;    /* (owned) */
  char                  *id;       /* (nullable): of a key, or of an artifact */
  char                  *name;     /* (nullable): of a new key */
  char                  *text;     /* (nullable): a reason */
  char                  *key_ids[2];
  MusterKeyAccess        access[2]; /* of those */
  unsigned               n_signers;
  guint8                 endorsement[MF_ED25519_SIGNATURE_SIZE];
  MusterKeyAccess        made; /* a new key */
  guint8                 seed[MUSTER_SEED_BYTES];
  gboolean               has_seed;
  int                    fd;     /* (owned); -1: none: the image that is signed */
  char                  *sha256; /* (nullable): of that as it was */
} Call;

/* Blocks, on a thread of its own. */
typedef gboolean (*CallFunc) (Call *self, GError **error);

static void
call_clear (gpointer data)
{
  Call *self = data;

  g_object_unref (self->firmware);
  muster_actor_unref (self->actor);
  g_free (self->id);
  g_free (self->name);
  g_free (self->text);
  g_free (self->sha256);
  for (unsigned i = 0; i < 2; i++)
    {
      g_free (self->key_ids[i]);
      muster_key_access_clear (&self->access[i]);
    }
  muster_key_access_clear (&self->made);
  sodium_memzero (self->seed, sizeof self->seed);
  g_clear_fd (&self->fd, NULL);
}

static void
call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, call_clear);
}

static Call *
call_new (MusterFirmwareService *firmware, MusterActor *actor, const char *id, const char *name)
{
  Call *self = g_atomic_rc_box_new0 (Call);

  self->firmware = g_object_ref (firmware);
  self->actor = muster_actor_ref (actor);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->fd = -1;
  return self;
}

static MusterDatabase *
get_database (Call *self)
{
  return muster_repository_get_database (muster_firmware_service_get_repository (self->firmware));
}

static DexFuture *
run (Call *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (NULL, 0, func, self, call_unref);
}

/* --- on a thread of its own --- */

typedef struct
{
  Call       *call; /* (owned) */
  CallFunc    func;
  DexPromise *promise; /* (owned) */
} Errand;

static gpointer
errand_thread (gpointer data)
{
  Errand *self = data;
  GError *error = NULL;

  if (self->func (self->call, &error))
    muster_promise_resolve_on_main (self->promise, NULL);
  else
    muster_promise_reject_on_main (self->promise, error);
  dex_unref (self->promise);
  /* What it holds is the main thread's. */
  dex_scheduler_push (dex_scheduler_get_default (), call_unref, self->call);
  g_free (self);
  return NULL;
}

static gboolean
needs_token (Call *self)
{
  return self->made.token_uri != NULL || self->access[0].token_uri != NULL ||
         self->access[1].token_uri != NULL;
}

/* In a fiber: runs FUNC, and waits for it; for a token only so long. */
static gboolean
await_thread (Call *self, CallFunc func, GError **error)
{
  Errand    *errand = g_new0 (Errand, 1);
  DexFuture *future = NULL;
  g_autoptr (GError) reason = NULL;

  errand->call = g_atomic_rc_box_acquire (self);
  errand->func = func;
  errand->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (errand->promise));
  g_thread_unref (g_thread_new ("signing", errand_thread, errand));
  if (needs_token (self))
    future = dex_future_first (future, dex_timeout_new_seconds (TOKEN_SECONDS), NULL);
  if (dex_await (future, &reason))
    return TRUE;
  if (g_error_matches (reason, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                 "the token did not answer within %d seconds", TOKEN_SECONDS);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* --- what is asked for --- */

static gboolean
refuse (GError **error, const char *pointer, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* The new key of SELF is to be in the token that URI names, or else kept here, under SECRET. */
static gboolean
prepare_made (Call *self, const char *secret, const char *uri, GError **error)
{
  if (uri != NULL)
    {
      self->made.token_uri = muster_token_uri_normalize (uri, self->made.uri_pointer, error);
      self->made.module = muster_firmware_service_dup_token_module (self->firmware);
    }
  self->made.secret = g_strdup (secret);
  if (uri != NULL && self->made.token_uri == NULL)
    return FALSE;
  if (uri != NULL && secret == NULL)
    return refuse (error, self->made.secret_pointer, "is needed: the PIN of the token");
  if (uri == NULL && (secret == NULL || strlen (secret) < MUSTER_PASSPHRASE_MIN))
    return refuse (error, self->made.secret_pointer, "must have 8 bytes at least");
  return TRUE;
}

gboolean
muster_signing_read_hex (const char *text, guint8 bytes[32])
{
  gsize length = 0;

  return text != NULL && strlen (text) == 64 &&
         sodium_hex2bin (bytes, 32, text, 64, NULL, &length, NULL) == 0 && length == 32;
}

/* --- records --- */

MusterEntity *
muster_signing_make_record (const char *name, const guint8 public_key[32], MusterKeyPlace place)
{
  MusterEntity *key = muster_entity_new (&muster_signing_key_info);
  guint8        id[MF_IMAGE_KEY_ID_SIZE];
  char          text[2 * MF_ED25519_KEY_SIZE + 1], id_text[2 * MF_IMAGE_KEY_ID_SIZE + 1];

  mf_image_key_id (id, public_key);
  sodium_bin2hex (text, sizeof text, public_key, 32);
  sodium_bin2hex (id_text, sizeof id_text, id, sizeof id);
  muster_entity_set_string (key, "name", name);
  muster_entity_set_enum (key, "place", place);
  muster_entity_set_string (key, "public_key", text);
  muster_entity_set_string (key, "key_id", id_text);
  return key;
}

gboolean
muster_signing_insert_job (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  MusterEntity *key = data;

  if (!muster_transaction_insert (transaction, key, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, key);
  return TRUE;
}

/* The record of the new key: (transfer full). */
static MusterEntity *
make_record_of_made (Call *self)
{
  MusterEntity *key =
    muster_signing_make_record (self->name, self->made.public_key,
                                self->made.token_uri != NULL ? MUSTER_KEY_TOKEN : MUSTER_KEY_SITE);

  muster_entity_set_string (key, "sealed", self->made.sealed);
  muster_entity_set_string (key, "token_uri", self->made.token_uri);
  return key;
}

/* --- new ones --- */

/* A token shows that it signs; a key of here gets a seed, and is sealed. */
static gboolean
make_on_thread (Call *self, GError **error)
{
  guint8                nonce[32], signature[MF_ED25519_SIGNATURE_SIZE];
  const struct mf_bytes parts[] = { { (const guint8 *)PROOF, strlen (PROOF) },
                                    { nonce, sizeof nonce } };

  randombytes_buf (nonce, sizeof nonce);
  if (self->made.token_uri != NULL)
    return muster_key_access_sign (&self->made, parts, G_N_ELEMENTS (parts), signature, error);
  if (!self->has_seed)
    randombytes_buf (self->seed, MUSTER_SEED_BYTES);
  self->made.sealed = muster_sealed_key_seal (self->seed, self->made.secret, error);
  mf_ed25519_public_key (self->made.public_key, self->seed);
  return self->made.sealed != NULL;
}

static DexFuture *
create_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!await_thread (self, make_on_thread, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_database_write (get_database (self), self->actor,
                                self->made.token_uri != NULL ? "Add a signing key of a token"
                                                             : "Make a signing key",
                                muster_signing_insert_job, make_record_of_made (self),
                                g_object_unref);
}

static gboolean
prepare_create (Call *self, const MusterNewSigningKey *wish, GError **error)
{
  self->made.uri_pointer = "/token_uri";
  self->made.secret_pointer = "/passphrase";
  self->has_seed = wish->seed != NULL;
  if (wish->seed != NULL && wish->token_uri != NULL)
    return refuse (error, "/secret_key", "must be left out: the token has it");
  if (wish->seed != NULL && !muster_key_file_read (wish->seed, self->seed, "/secret_key", error))
    return FALSE;
  return prepare_made (self, wish->secret, wish->token_uri, error);
}

DexFuture *
muster_signing_create (MusterFirmwareService     *firmware,
                       MusterActor               *actor,
                       const MusterNewSigningKey *wish)
{
  g_autoptr (GError) error = NULL;
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && wish != NULL && wish->name != NULL);

  call = call_new (firmware, actor, NULL, wish->name);
  if (prepare_create (call, wish, &error))
    return run (call, create_fiber);
  call_unref (call);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

/* --- those that sign --- */

static gboolean
fill_access (Call *self, MusterKeyAccess *access, MusterEntity *key, GError **error)
{
  gboolean is_here = !muster_entity_is_null (key, "sealed");
  gboolean in_token = !muster_entity_is_null (key, "token_uri");

  if ((!is_here && !in_token) || muster_entity_get_enum (key, "status") == MUSTER_KEY_REVOKED)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s %s: choose another key",
                   muster_entity_get_string (key, "name"),
                   is_here || in_token ? "is revoked" : "is not kept here, and cannot sign");
      return FALSE;
    }
  access->sealed = g_strdup (muster_entity_get_string (key, "sealed"));
  access->token_uri = g_strdup (muster_entity_get_string (key, "token_uri"));
  if (in_token)
    access->module = muster_firmware_service_dup_token_module (self->firmware);
  access->is_known =
    muster_signing_read_hex (muster_entity_get_string (key, "public_key"), access->public_key);
  return TRUE;
}

/* In a fiber: the keys that the call names. */
static gboolean
fetch_signers (Call *self, GError **error)
{
  for (unsigned i = 0; i < self->n_signers; i++)
    {
      g_autoptr (MusterEntity) key = dex_await_object (
        muster_repository_get (muster_firmware_service_get_repository (self->firmware),
                               &muster_signing_key_info, self->key_ids[i]),
        error);

      if (key == NULL || !fill_access (self, &self->access[i], key, error))
        return FALSE;
    }
  return TRUE;
}

/* WHO signs, named by the member KEY_POINTER, under what came in SECRET_POINTER. */
static void
add_signer (Call               *self,
            const MusterSigner *who,
            const char         *key_pointer,
            const char         *secret_pointer)
{
  MusterKeyAccess *access = &self->access[self->n_signers];

  self->key_ids[self->n_signers++] = g_strdup (who->key_id);
  access->secret = g_strdup (who->passphrase);
  access->uri_pointer = key_pointer;
  access->secret_pointer = secret_pointer;
}

/* --- rotating --- */

typedef struct
{
  char         *old_id;
  MusterEntity *key; /* (owned): the new one */
} Rotation;

static void
rotation_free (gpointer data)
{
  Rotation *self = data;

  g_free (self->old_id);
  g_object_unref (self->key);
  g_free (self);
}

static gboolean
rotate_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Rotation *self = data;
  g_autoptr (MusterEntity) old =
              muster_transaction_get (transaction, &muster_signing_key_info, self->old_id, error);

  if (old == NULL)
    return FALSE;
  muster_entity_set_enum (old, "status", MUSTER_KEY_REPLACED);
  if (!muster_transaction_update (transaction, old, 0, error))
    return FALSE;
  return muster_signing_insert_job (transaction, self->key, result, error);
}

/* The new one, and what the old one says of it. */
static gboolean
rotate_on_thread (Call *self, GError **error)
{
  const struct mf_bytes parts[] = { { (const guint8 *)FOLLOWS, strlen (FOLLOWS) },
                                    { self->made.public_key, sizeof self->made.public_key } };

  return make_on_thread (self, error) &&
         muster_key_access_sign (&self->access[0], parts, G_N_ELEMENTS (parts), self->endorsement,
                                 error);
}

static DexFuture *
rotate_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;
  char      text[2 * MF_ED25519_SIGNATURE_SIZE + 1];
  Rotation *rotation = NULL;

  if (!fetch_signers (self, &error) || !await_thread (self, rotate_on_thread, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  sodium_bin2hex (text, sizeof text, self->endorsement, sizeof self->endorsement);
  rotation = g_new0 (Rotation, 1);
  rotation->old_id = g_strdup (self->id);
  rotation->key = make_record_of_made (self);
  muster_entity_set_string (rotation->key, "endorsed_by_id", self->id);
  muster_entity_set_string (rotation->key, "endorsement", text);
  return muster_database_write (get_database (self), self->actor, "Replace a signing key",
                                rotate_job, rotation, rotation_free);
}

DexFuture *
muster_signing_rotate (MusterFirmwareService     *firmware,
                       MusterActor               *actor,
                       const char                *id,
                       const char                *secret,
                       const MusterNewSigningKey *wish)
{
  g_autoptr (GError) error = NULL;
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && id != NULL && wish != NULL && wish->name != NULL);

  call = call_new (firmware, actor, id, wish->name);
  add_signer (call, &(const MusterSigner){ id, secret }, "", "/passphrase");
  call->made.uri_pointer = "/new_token_uri";
  call->made.secret_pointer = "/new_passphrase";
  if (prepare_made (call, wish->secret, wish->token_uri, &error))
    return run (call, rotate_fiber);
  call_unref (call);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

/* --- revoking --- */

/* The other signature of an image may be by a key that is good. */
static void
weigh_again (Call *self, MusterEntity *artifact, GArray *keys)
{
  const char *sha256 = muster_entity_get_string (artifact, "sha256");
  g_auto (MusterFirmwareFacts) facts = { 0 };
  g_autofd int fd =
    sha256 != NULL && muster_entity_get_enum (artifact, "format") == MUSTER_FORMAT_IMAGE
      ? muster_firmware_store_open (muster_firmware_service_get_store (self->firmware), sha256,
                                    NULL)
      : -1;

  if (fd < 0 || !muster_firmware_facts_weigh_image (&facts, fd, keys, NULL) ||
      facts.trust != MUSTER_TRUST_SIGNED)
    {
      muster_entity_set_enum (artifact, "trust", MUSTER_TRUST_REVOKED);
      return;
    }
  muster_entity_set_enum (artifact, "trust", facts.trust);
  muster_entity_set_string (artifact, "signing_key_id", facts.key_id);
}

static gboolean
weigh_all_again (MusterTransaction *transaction, Call *self, GError **error)
{
  g_autoptr (GArray) keys = muster_firmware_keys_list (transaction, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_artifact_info);
  g_autoptr (GPtrArray) artifacts = NULL;

  muster_query_where (query, "signing_key_id", self->id);
  muster_query_set_limit (query, 0);
  artifacts = keys != NULL ? muster_transaction_select (transaction, query, error) : NULL;
  for (guint i = 0; artifacts != NULL && i < artifacts->len; i++)
    {
      weigh_again (self, artifacts->pdata[i], keys);
      if (!muster_transaction_update (transaction, artifacts->pdata[i], 0, error))
        return FALSE;
    }
  return artifacts != NULL;
}

static gboolean
revoke_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Call *self = data;
  g_autoptr (MusterEntity) key =
              muster_transaction_get (transaction, &muster_signing_key_info, self->id, error);

  if (key == NULL)
    return FALSE;
  muster_entity_set_enum (key, "status", MUSTER_KEY_REVOKED);
  muster_entity_set_integer (key, "revoked_at", muster_transaction_get_now (transaction));
  muster_entity_set_string (key, "revocation", self->text);
  if (!muster_transaction_update (transaction, key, 0, error) ||
      !weigh_all_again (transaction, self, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&key));
  return TRUE;
}

DexFuture *
muster_signing_revoke (MusterFirmwareService *firmware,
                       MusterActor           *actor,
                       const char            *id,
                       const char            *reason)
{
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && id != NULL);

  call = call_new (firmware, actor, id, NULL);
  call->text = g_strdup (reason);
  return muster_database_write (get_database (call), actor, "Revoke a signing key", revoke_job,
                                call, call_unref);
}

/* --- signing --- */

/* The ids of the keys first, then the second's signature, then the first's, which covers it. */
static gboolean
sign_header (Call *self, guint8 header[MF_IMAGE_HEADER_SIZE], GError **error)
{
  struct mf_bytes part = { header, MF_IMAGE_SECOND_SIGNED };
  gboolean        has_second = self->n_signers > 1;

  mf_image_set_key_ids (header, self->access[0].public_key,
                        has_second ? self->access[1].public_key : NULL);
  if (has_second && !muster_key_access_sign (&self->access[1], &part, 1,
                                             header + MF_IMAGE_SECOND_SIGNATURE, error))
    return FALSE;
  part.size = MF_IMAGE_FIRST_SIGNED;
  return muster_key_access_sign (&self->access[0], &part, 1, header + MF_IMAGE_FIRST_SIGNATURE,
                                 error);
}

/* The image, copied to FD, under its new header. */
static gboolean
copy_signed (Call *self, int fd, GError **error)
{
  guint8              header[MF_IMAGE_HEADER_SIZE];
  struct mf_image     image;
  enum mf_image_error found = MF_IMAGE_NOT_AN_IMAGE;
  char                buffer[65536];
  gssize              got;
  off_t               at = 0;

  if (pread (self->fd, header, sizeof header, 0) == sizeof header)
    found = mf_image_parse (&image, header);
  if (found != MF_IMAGE_OK)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "only Muster images can be signed here: %s", mf_image_error_text (found));
      return FALSE;
    }
  if (!sign_header (self, header, error))
    return FALSE;
  while ((got = pread (self->fd, buffer, sizeof buffer, at)) > 0 &&
         pwrite (fd, buffer, got, at) == got)
    at += got;
  if (got == 0 && pwrite (fd, header, sizeof header, 0) == sizeof header)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL,
                       "the signed image cannot be written");
  return FALSE;
}

static gboolean
sign_on_thread (Call *self, GError **error)
{
  g_autofd int fd =
    muster_firmware_store_make_temporary (muster_firmware_service_get_store (self->firmware),
                                          error);

  if (fd < 0 || !copy_signed (self, fd, error))
    return FALSE;
  g_clear_fd (&self->fd, NULL);
  self->fd = g_steal_fd (&fd);
  return TRUE;
}

/* In a fiber: the bytes of the artifact's main file. */
static gboolean
open_image (Call *self, GError **error)
{
  g_autoptr (MusterEntity) artifact =
              dex_await_object (muster_repository_get (muster_firmware_service_get_repository (
                                                         self->firmware),
                                                       &muster_firmware_artifact_info, self->id),
                                error);

  if (artifact == NULL)
    return FALSE;
  if (muster_entity_get_enum (artifact, "format") != MUSTER_FORMAT_IMAGE)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "only Muster images can be signed here");
      return FALSE;
    }
  self->sha256 = g_strdup (muster_entity_get_string (artifact, "sha256"));
  self->fd = muster_firmware_store_open (muster_firmware_service_get_store (self->firmware),
                                         self->sha256, error);
  return self->fd >= 0;
}

static DexFuture *
sign_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!open_image (self, &error) || !fetch_signers (self, &error) ||
      !await_thread (self, sign_on_thread, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_firmware_service_replace_file (self->firmware, self->actor, self->id, self->sha256,
                                               self->fd);
}

DexFuture *
muster_signing_sign (MusterFirmwareService *firmware,
                     MusterActor           *actor,
                     const char            *artifact_id,
                     const MusterSigner    *first,
                     const MusterSigner    *second)
{
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && artifact_id != NULL && first != NULL);

  call = call_new (firmware, actor, artifact_id, NULL);
  add_signer (call, first, "/signing_key_id", "/passphrase");
  if (second != NULL)
    add_signer (call, second, "/second_key_id", "/second_passphrase");
  return run (call, sign_fiber);
}
