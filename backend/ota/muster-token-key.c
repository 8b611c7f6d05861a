/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-token-key"

#include "config.h"

#include <gnutls/abstract.h>
#include <gnutls/pkcs11.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/muster-error.h"
#include "muster-token-key.h"

#define WAIT_SECONDS 30

/* Logging in counts for the whole process: as long as one key is open, a second one would open
 * without its PIN. */
static struct
{
  GMutex   mutex;
  GCond    cond;
  gboolean is_taken;
} turn;

struct _MusterTokenKey
{
  gnutls_privkey_t        key; /* (owned) (nullable) */
  const MusterTokenPlace *place;
  gboolean                was_wrong; /* the PIN */
};

/* --- modules --- */

static gboolean
is_roots_alone (const char *path, mode_t kind, mode_t wanted)
{
  struct stat status;

  return stat (path, &status) == 0 && (status.st_mode & S_IFMT) == kind && status.st_uid == 0 &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && (status.st_mode & wanted) == wanted;
}

/* The folders above PATH. */
static gboolean
are_roots_alone (const char *path)
{
  g_autofree char *folder = g_strdup (path);
  char            *slash;

  while ((slash = strrchr (folder, '/')) != NULL && slash != folder)
    {
      *slash = '\0';
      if (!is_roots_alone (folder, S_IFDIR, 0))
        return FALSE;
    }
  return TRUE;
}

char *
muster_token_module_check (const char *path, GError **error)
{
  g_autofree char *real = NULL;
  char            *resolved = NULL;
  gboolean         good;

  g_return_val_if_fail (path != NULL, NULL);

  resolved = g_path_is_absolute (path) ? realpath (path, NULL) : NULL;
  real = g_strdup (resolved);
  free (resolved);
  good = real != NULL && is_roots_alone (real, S_IFREG, S_IRUSR | S_IRGRP | S_IROTH);
  if (good && are_roots_alone (real))
    return g_steal_pointer (&real);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
               real == NULL
                 ? "the setting firmware.token-module names no file: %s"
                 : "the module %s is not loaded: it and the folders above it must belong to root, "
                   "be readable to everybody, and writable to root alone",
               path);
  return NULL;
}

static gboolean
load_modules (const char *module, GError **error)
{
  g_autofree char *path = NULL;
  int              found = gnutls_pkcs11_init (GNUTLS_PKCS11_FLAG_AUTO, NULL);

  if (found >= 0 && module != NULL && *module != '\0')
    {
      path = muster_token_module_check (module, error);
      if (path == NULL)
        return FALSE;
      found = gnutls_pkcs11_add_provider (path, NULL);
    }
  if (found < 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                 "the modules of PKCS #11 cannot be loaded: %s", gnutls_strerror (found));
  return found >= 0;
}

/* --- errors --- */

static gboolean
refuse (GError **error, MusterError code, const char *pointer, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check_as (errors, code, error);
}

static gboolean
refuse_locked (const MusterTokenPlace *place, GError **error)
{
  return refuse (error, MUSTER_ERROR_CONFLICT, place->pin_pointer,
                 "is locked after too many wrong ones: unlock it by the tools of the token");
}

static gboolean
refuse_pin (const MusterTokenPlace *place, GError **error)
{
  unsigned flags = 0;

  gnutls_pkcs11_token_get_flags (place->uri, &flags);
  if (flags & GNUTLS_PKCS11_TOKEN_USER_PIN_LOCKED)
    return refuse_locked (place, error);
  return refuse (error, MUSTER_ERROR_FORBIDDEN, place->pin_pointer,
                 flags & GNUTLS_PKCS11_TOKEN_USER_PIN_FINAL_TRY
                   ? "is not the PIN of the token, which takes one try more"
                 : flags & GNUTLS_PKCS11_TOKEN_USER_PIN_COUNT_LOW
                   ? "is not the PIN of the token, which takes few tries more"
                   : "is not the PIN of the token");
}

/* FOUND: what GnuTLS says. */
static gboolean
fail (MusterTokenKey *self, const MusterTokenPlace *place, int found, GError **error)
{
  if (found == GNUTLS_E_PKCS11_PIN_LOCKED)
    return refuse_locked (place, error);
  if (found == GNUTLS_E_PKCS11_PIN_ERROR || found == GNUTLS_E_PKCS11_PIN_EXPIRED || self->was_wrong)
    return refuse_pin (place, error);
  if (found == GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE ||
      found == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return refuse (error, MUSTER_ERROR_INVALID, place->uri_pointer,
                   "names no key that the token has: a private one and its public half are needed");
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "the token does not do it: %s",
               gnutls_strerror (found));
  return FALSE;
}

static gboolean
check_token (const MusterTokenPlace *place, GError **error)
{
  unsigned flags = 0;

  if (gnutls_pkcs11_token_get_flags (place->uri, &flags) < 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                   "no token is there that the key's address names (%s): plug it in, or name its "
                   "module in the setting firmware.token-module",
                   place->uri);
      return FALSE;
    }
  if (flags & GNUTLS_PKCS11_TOKEN_USER_PIN_LOCKED)
    return refuse_locked (place, error);
  return TRUE;
}

/* --- opening --- */

static gboolean
take_turn (GError **error)
{
  gint64   end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  gboolean taken;

  g_mutex_lock (&turn.mutex);
  while (turn.is_taken && g_cond_wait_until (&turn.cond, &turn.mutex, end))
    continue;
  taken = !turn.is_taken;
  turn.is_taken = TRUE;
  g_mutex_unlock (&turn.mutex);
  if (!taken)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                         "a token is still at work on another signature: try again later");
  return taken;
}

static void
end_turn (void)
{
  g_mutex_lock (&turn.mutex);
  turn.is_taken = FALSE;
  g_cond_signal (&turn.cond);
  g_mutex_unlock (&turn.mutex);
}

/* One try only: tokens lock themselves after a few wrong ones. */
static int
tell_pin (void       *user_data,
          int         attempt,
          const char *token_url,
          const char *token_label,
          unsigned    flags,
          char       *pin,
          size_t      pin_size)
{
  MusterTokenKey *self = user_data;

  if (attempt > 0 || (flags & GNUTLS_PIN_WRONG))
    self->was_wrong = TRUE;
  if (self->was_wrong || (flags & GNUTLS_PIN_SO) || strlen (self->place->pin) >= pin_size)
    return GNUTLS_E_PKCS11_PIN_ERROR;
  g_strlcpy (pin, self->place->pin, pin_size);
  return 0;
}

static int
read_public (MusterTokenKey *self, guint8 public_key[32])
{
  g_autofree char      *uri = g_strconcat (self->place->uri, ";type=public", NULL);
  gnutls_pubkey_t       key = NULL;
  gnutls_ecc_curve_t    curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_datum_t        x = { NULL, 0 };
  int                   found = gnutls_pubkey_init (&key);
  static const unsigned flags = GNUTLS_PKCS11_OBJ_FLAG_LOGIN;

  if (found < 0)
    return found;
  gnutls_pubkey_set_pin_function (key, tell_pin, self);
  found = gnutls_pubkey_import_url (key, uri, flags);
  if (found >= 0)
    found = gnutls_pubkey_export_ecc_raw2 (key, &curve, &x, NULL, GNUTLS_EXPORT_FLAG_NO_LZ);
  if (found >= 0 && (curve != GNUTLS_ECC_CURVE_ED25519 || x.size != 32))
    found = GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE;
  if (found >= 0)
    memcpy (public_key, x.data, 32);
  gnutls_free (x.data);
  gnutls_pubkey_deinit (key);
  return found;
}

static gboolean
open_key (MusterTokenKey *self, guint8 public_key[32], GError **error)
{
  const MusterTokenPlace *place = self->place;
  g_autofree char        *uri = g_strconcat (place->uri, ";type=private", NULL);
  int                     found;

  if (!load_modules (place->module, error) || !check_token (place, error))
    return FALSE;
  found = gnutls_privkey_init (&self->key);
  if (found >= 0)
    {
      gnutls_privkey_set_pin_function (self->key, tell_pin, self);
      found = gnutls_privkey_import_url (self->key, uri, 0);
    }
  if (found < 0)
    return fail (self, place, found, error);
  if (gnutls_privkey_get_pk_algorithm (self->key, NULL) != GNUTLS_PK_EDDSA_ED25519)
    return refuse (error, MUSTER_ERROR_INVALID, place->uri_pointer,
                   "names a key of another kind: devices know Ed25519 alone");
  found = read_public (self, public_key);
  return found >= 0 || fail (self, place, found, error);
}

MusterTokenKey *
muster_token_key_open (const MusterTokenPlace *place, guint8 public_key[32], GError **error)
{
  g_autoptr (MusterTokenKey) self = NULL;

  g_return_val_if_fail (place != NULL && place->uri != NULL && place->pin != NULL, NULL);
  g_return_val_if_fail (public_key != NULL, NULL);

  if (!take_turn (error))
    return NULL;
  self = g_new0 (MusterTokenKey, 1);
  self->place = place;
  return open_key (self, public_key, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
muster_token_key_sign (MusterTokenKey *self,
                       const guint8   *data,
                       gsize           size,
                       guint8          signature[64],
                       GError        **error)
{
  const gnutls_datum_t datum = { (guint8 *)data, size };
  gnutls_datum_t       made = { NULL, 0 };
  int                  found;

  g_return_val_if_fail (self != NULL && data != NULL && signature != NULL, FALSE);

  found = gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &datum, &made);
  if (found >= 0 && made.size != 64)
    found = GNUTLS_E_PK_SIGN_FAILED;
  if (found >= 0)
    memcpy (signature, made.data, 64);
  gnutls_free (made.data);
  return found >= 0 || fail (self, self->place, found, error);
}

void
muster_token_key_close (MusterTokenKey *self)
{
  g_return_if_fail (self != NULL);

  if (self->key != NULL)
    gnutls_privkey_deinit (self->key);
  g_free (self);
  end_turn ();
}
