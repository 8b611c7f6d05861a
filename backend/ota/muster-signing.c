/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signing"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

#include "mf_image.h"
#include "muster-firmware-service-private.h"
#include "muster-sealed-key.h"
#include "muster-signing.h"
#include "muster-update-signature.h"

#define FOLLOWS "muster-key-follows:"
#define HEX_BYTES (2 * MF_ED25519_KEY_SIZE + 1)

/* One call on its way, with what must not be left in memory. */
typedef struct
{
  MusterFirmwareService *firmware; /* (owned) */
  MusterActor           *actor;    /* (owned) */
  char                  *id;       /* (nullable): of a key, or of an artifact */
  char                  *name;     /* (nullable) */
  char                  *text;     /* (nullable): a public key, or a reason */
  char                  *key_ids[2];
  char                  *sealed[2];
  char                  *passphrases[2];
  guint8                 seeds[2][MUSTER_SEED_BYTES];
  unsigned               n_signers;
  gboolean               has_seed;
  MusterEntity          *key; /* (owned) (nullable): to be kept */
  int                    fd;  /* (owned); -1: none: the image that is signed */
} Call;

static void
wipe (char **text)
{
  if (*text != NULL)
    sodium_memzero (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

static void
call_clear (gpointer data)
{
  Call *self = data;

  g_object_unref (self->firmware);
  muster_actor_unref (self->actor);
  g_free (self->id);
  g_free (self->name);
  g_free (self->text);
  for (unsigned i = 0; i < 2; i++)
    {
      g_free (self->key_ids[i]);
      g_free (self->sealed[i]);
      wipe (&self->passphrases[i]);
    }
  sodium_memzero (self->seeds, sizeof self->seeds);
  g_clear_fd (&self->fd, NULL);
  g_clear_object (&self->key);
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
run_on_pool (Call *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func,
                              g_atomic_rc_box_acquire (self), call_unref);
}

static DexFuture *
run (Call *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (NULL, 0, func, self, call_unref);
}

static gboolean
refuse (GError **error, const char *pointer, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

static gboolean
check_passphrase (const char *passphrase, const char *pointer, GError **error)
{
  if (passphrase != NULL && strlen (passphrase) >= MUSTER_PASSPHRASE_MIN)
    return TRUE;
  return refuse (error, pointer, "must have 8 bytes at least");
}

static gboolean
read_hex (const char *text, guint8 bytes[32])
{
  gsize length = 0;

  return text != NULL && strlen (text) == 64 &&
         sodium_hex2bin (bytes, 32, text, 64, NULL, &length, NULL) == 0 && length == 32;
}

/* --- records --- */

static MusterEntity *
make_record (const char *name, const guint8 public_key[32], MusterKeyPlace place)
{
  MusterEntity *key = muster_entity_new (&muster_signing_key_info);
  guint8        id[MF_IMAGE_KEY_ID_SIZE];
  char          text[HEX_BYTES], id_text[2 * MF_IMAGE_KEY_ID_SIZE + 1];

  mf_image_key_id (id, public_key);
  sodium_bin2hex (text, sizeof text, public_key, 32);
  sodium_bin2hex (id_text, sizeof id_text, id, sizeof id);
  muster_entity_set_string (key, "name", name);
  muster_entity_set_enum (key, "place", place);
  muster_entity_set_string (key, "public_key", text);
  muster_entity_set_string (key, "key_id", id_text);
  return key;
}

static gboolean
insert_key_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *key = data;

  if (!muster_transaction_insert (transaction, key, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, key);
  return TRUE;
}

/* On a thread of the pool: a seed, and what it is kept as. */
static DexFuture *
seal_fiber (gpointer user_data)
{
  Call   *self = user_data;
  GError *error = NULL;

  if (!self->has_seed)
    randombytes_buf (self->seeds[0], MUSTER_SEED_BYTES);
  self->sealed[0] = muster_sealed_key_seal (self->seeds[0], self->passphrases[0], &error);
  return self->sealed[0] != NULL ? dex_future_new_true () : dex_future_new_for_error (error);
}

static DexFuture *
create_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;
  guint8        public_key[32];
  MusterEntity *key = NULL;

  if (!dex_await (run_on_pool (self, seal_fiber), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  mf_ed25519_public_key (public_key, self->seeds[0]);
  key = make_record (self->name, public_key, MUSTER_KEY_SITE);
  muster_entity_set_string (key, "sealed", self->sealed[0]);
  return muster_database_write (get_database (self), self->actor, "Make a signing key",
                                insert_key_job, key, g_object_unref);
}

DexFuture *
muster_signing_create (MusterFirmwareService *firmware,
                       MusterActor           *actor,
                       const char            *name,
                       const char            *passphrase,
                       const char            *seed)
{
  g_autoptr (GError) error = NULL;
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && name != NULL);

  if (!check_passphrase (passphrase, "/passphrase", &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  call = call_new (firmware, actor, NULL, name);
  call->passphrases[0] = g_strdup (passphrase);
  call->has_seed = seed != NULL;
  if (seed != NULL && !read_hex (seed, call->seeds[0]))
    {
      call_unref (call);
      refuse (&error, "/secret_key", "must be 64 hexadecimal digits: a seed of Ed25519");
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  return run (call, create_fiber);
}

/* --- trusting --- */

static gboolean
list_foreign_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_artifact_info);
  GPtrArray *artifacts = NULL;

  muster_query_where (query, "trust", "foreign");
  muster_query_set_limit (query, 0);
  artifacts = muster_transaction_select (transaction, query, error);
  if (artifacts == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, artifacts);
  return TRUE;
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
  muster_entity_set_enum (artifact, "trust", self->trust);
  muster_entity_set_string (artifact, "signing_key_id", self->key_id);
  return muster_transaction_update (transaction, artifact, 0, error);
}

/* In a fiber. Firmware that was refused meanwhile, or whose bytes are gone, stays as it is. */
static gboolean
weigh_again (Call *self, MusterEntity *artifact, GError **error)
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
  return dex_await (muster_database_write (get_database (self), self->actor, "Check a signature",
                                           weigh_job, weighed, weighed_free),
                    error);
}

/* What was signed by it may be here already. */
static DexFuture *
trust_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) key = dex_await_object (
    muster_database_write (get_database (self), self->actor, "Trust a signing key", insert_key_job,
                           g_steal_pointer (&self->key), g_object_unref),
    &error);
  g_autoptr (GPtrArray) foreign =
              key != NULL ? dex_await_boxed (muster_database_read (get_database (self),
                                                                   list_foreign_job, NULL, NULL),
                                             &error)
                          : NULL;

  for (guint i = 0; foreign != NULL && i < foreign->len; i++)
    if (!weigh_again (self, foreign->pdata[i], &error))
      break;
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_object (g_steal_pointer (&key));
}

DexFuture *
muster_signing_trust (MusterFirmwareService *firmware,
                      MusterActor           *actor,
                      const char            *name,
                      const char            *public_key)
{
  g_autoptr (GError) error = NULL;
  guint8 bytes[32];
  Call  *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && name != NULL);

  if (!read_hex (public_key, bytes))
    {
      refuse (&error, "/public_key", "must be 64 hexadecimal digits: a public key of Ed25519");
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  call = call_new (firmware, actor, NULL, NULL);
  call->key = make_record (name, bytes, MUSTER_KEY_ELSEWHERE);
  return run (call, trust_fiber);
}

DexFuture *
muster_signing_trust_certificate (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *name,
                                  const char            *certificate)
{
  g_autoptr (GError) error = NULL;
  guint8 fingerprint[32];
  Call  *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && name != NULL && certificate != NULL);

  if (!muster_update_signature_read_certificate (certificate, fingerprint))
    {
      refuse (&error, "/certificate", "must be a certificate: PEM, -----BEGIN CERTIFICATE-----");
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  call = call_new (firmware, actor, NULL, NULL);
  call->key = make_record (name, fingerprint, MUSTER_KEY_ELSEWHERE);
  muster_entity_set_string (call->key, "certificate", certificate);
  return run (call, trust_fiber);
}

/* --- opening --- */

/* In a fiber: the sealed halves of the keys that the call names. */
static gboolean
fetch_sealed (Call *self, GError **error)
{
  for (unsigned i = 0; i < self->n_signers; i++)
    {
      g_autoptr (MusterEntity) key = dex_await_object (
        muster_repository_get (muster_firmware_service_get_repository (self->firmware),
                               &muster_signing_key_info, self->key_ids[i]),
        error);

      if (key == NULL)
        return FALSE;
      if (muster_entity_is_null (key, "sealed") ||
          muster_entity_get_enum (key, "status") == MUSTER_KEY_REVOKED)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s %s: choose another key",
                       muster_entity_get_string (key, "name"),
                       muster_entity_is_null (key, "sealed") ? "is not kept here, and cannot sign"
                                                             : "is revoked");
          return FALSE;
        }
      self->sealed[i] = g_strdup (muster_entity_get_string (key, "sealed"));
    }
  return TRUE;
}

/* On a thread of the pool. */
static gboolean
open_seeds (Call *self, GError **error)
{
  for (unsigned i = 0; i < self->n_signers; i++)
    if (!muster_sealed_key_open (self->sealed[i],
                                 self->passphrases[i] != NULL ? self->passphrases[i] : "",
                                 self->seeds[i], error))
      return FALSE;
  return TRUE;
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
  return insert_key_job (transaction, self->key, result, error);
}

/* On a thread of the pool: opens the old one, seals a new one. */
static DexFuture *
rotate_open_fiber (gpointer user_data)
{
  Call   *self = user_data;
  GError *error = NULL;

  if (!open_seeds (self, &error))
    return dex_future_new_for_error (error);
  randombytes_buf (self->seeds[1], MUSTER_SEED_BYTES);
  self->sealed[1] = muster_sealed_key_seal (self->seeds[1], self->passphrases[1], &error);
  return self->sealed[1] != NULL ? dex_future_new_true () : dex_future_new_for_error (error);
}

static DexFuture *
rotate_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;
  guint8          public_key[32], signature[MF_ED25519_SIGNATURE_SIZE];
  char            text[2 * MF_ED25519_SIGNATURE_SIZE + 1];
  Rotation       *rotation = NULL;
  struct mf_bytes parts[] = { { (const guint8 *)FOLLOWS, strlen (FOLLOWS) },
                              { public_key, sizeof public_key } };

  if (!fetch_sealed (self, &error) || !dex_await (run_on_pool (self, rotate_open_fiber), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  mf_ed25519_public_key (public_key, self->seeds[1]);
  mf_ed25519_sign (signature, self->seeds[0], parts, G_N_ELEMENTS (parts));
  sodium_bin2hex (text, sizeof text, signature, sizeof signature);
  rotation = g_new0 (Rotation, 1);
  rotation->old_id = g_strdup (self->id);
  rotation->key = make_record (self->name, public_key, MUSTER_KEY_SITE);
  muster_entity_set_string (rotation->key, "sealed", self->sealed[1]);
  muster_entity_set_string (rotation->key, "endorsed_by_id", self->id);
  muster_entity_set_string (rotation->key, "endorsement", text);
  return muster_database_write (get_database (self), self->actor, "Replace a signing key",
                                rotate_job, rotation, rotation_free);
}

DexFuture *
muster_signing_rotate (MusterFirmwareService *firmware,
                       MusterActor           *actor,
                       const char            *id,
                       const char            *passphrase,
                       const char            *name,
                       const char            *new_passphrase)
{
  g_autoptr (GError) error = NULL;
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware));
  dex_return_error_if_fail (actor != NULL && id != NULL && name != NULL);

  if (!check_passphrase (new_passphrase, "/new_passphrase", &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  call = call_new (firmware, actor, id, name);
  call->n_signers = 1;
  call->key_ids[0] = g_strdup (id);
  call->passphrases[0] = g_strdup (passphrase);
  call->passphrases[1] = g_strdup (new_passphrase);
  return run (call, rotate_fiber);
}

/* --- revoking --- */

static gboolean
revoke_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Call *self = data;
  g_autoptr (MusterEntity) key =
              muster_transaction_get (transaction, &muster_signing_key_info, self->id, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_artifact_info);
  g_autoptr (GPtrArray) artifacts = NULL;

  if (key == NULL)
    return FALSE;
  muster_entity_set_enum (key, "status", MUSTER_KEY_REVOKED);
  muster_entity_set_integer (key, "revoked_at", muster_transaction_get_now (transaction));
  muster_entity_set_string (key, "revocation", self->text);
  if (!muster_transaction_update (transaction, key, 0, error))
    return FALSE;
  muster_query_where (query, "signing_key_id", self->id);
  muster_query_set_limit (query, 0);
  artifacts = muster_transaction_select (transaction, query, error);
  for (guint i = 0; artifacts != NULL && i < artifacts->len; i++)
    {
      muster_entity_set_enum (artifacts->pdata[i], "trust", MUSTER_TRUST_REVOKED);
      if (!muster_transaction_update (transaction, artifacts->pdata[i], 0, error))
        return FALSE;
    }
  if (artifacts == NULL)
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

/* On a thread of the pool: the image, copied to FD, under its new header. */
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
  mf_image_sign (header, self->seeds[0], self->n_signers > 1 ? self->seeds[1] : NULL);
  while ((got = pread (self->fd, buffer, sizeof buffer, at)) > 0 &&
         pwrite (fd, buffer, got, at) == got)
    at += got;
  if (got == 0 && pwrite (fd, header, sizeof header, 0) == sizeof header)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL,
                       "the signed image cannot be written");
  return FALSE;
}

static DexFuture *
sign_pool_fiber (gpointer user_data)
{
  Call        *self = user_data;
  GError      *error = NULL;
  g_autofd int fd =
    muster_firmware_store_make_temporary (muster_firmware_service_get_store (self->firmware),
                                          &error);

  if (fd < 0 || !open_seeds (self, &error) || !copy_signed (self, fd, &error))
    return dex_future_new_for_error (error);
  g_clear_fd (&self->fd, NULL);
  self->fd = g_steal_fd (&fd);
  return dex_future_new_true ();
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
  self->fd = muster_firmware_store_open (muster_firmware_service_get_store (self->firmware),
                                         muster_entity_get_string (artifact, "sha256"), error);
  return self->fd >= 0;
}

static DexFuture *
sign_fiber (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!open_image (self, &error) || !fetch_sealed (self, &error) ||
      !dex_await (run_on_pool (self, sign_pool_fiber), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_firmware_service_replace_file (self->firmware, self->actor, self->id, self->fd);
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
  call->key_ids[0] = g_strdup (first->key_id);
  call->passphrases[0] = g_strdup (first->passphrase);
  call->n_signers = second != NULL ? 2 : 1;
  if (second != NULL)
    {
      call->key_ids[1] = g_strdup (second->key_id);
      call->passphrases[1] = g_strdup (second->passphrase);
    }
  return run (call, sign_fiber);
}
