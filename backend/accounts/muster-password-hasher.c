/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-password-hasher"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-password-hasher.h"

#define MAX_WAITING 100

const MusterPasswordCost muster_password_cost = { 3, 19 * 1024 * 1024 };

struct _MusterPasswordHasher
{
  GObject parent_instance;

  MusterPasswordCost cost;
  GThreadPool       *pool; /* (owned) (element-type Work) */
  /* Nobody's password: made by the worker before anything else, and its alone. */
  char nobody[crypto_pwhash_STRBYTES];
};

G_DEFINE_FINAL_TYPE (MusterPasswordHasher, muster_password_hasher, G_TYPE_OBJECT)

typedef struct
{
  DexPromise *promise;  /* (owned) (nullable): without, nobody's hash is made */
  char       *password; /* (owned) */
  char       *hash;     /* (owned) (nullable) */
  gboolean    verifies;
} Work;

/* One password is one sequence of bytes, whichever keyboard it was typed on. */
static char *
normalize (const char *password)
{
  char *normal = g_utf8_normalize (password, -1, G_NORMALIZE_NFC);

  return normal != NULL ? normal : g_strdup (password);
}

static Work *
work_new (const char *password, const char *hash, gboolean verifies)
{
  Work *self = g_new0 (Work, 1);

  self->promise = dex_promise_new ();
  self->password = normalize (password);
  self->hash = g_strdup (hash);
  self->verifies = verifies;
  return self;
}

static void
work_free (gpointer data)
{
  Work *self = data;

  dex_clear (&self->promise);
  if (self->password != NULL)
    sodium_memzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->hash);
  g_free (self);
}

/* --- on the worker's thread --- */

static gboolean
make_hash (MusterPasswordHasher *self, const char *password, char *hash)
{
  return crypto_pwhash_str_alg (hash, password, strlen (password), self->cost.passes,
                                self->cost.memory, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static void
work_hash (Work *work, MusterPasswordHasher *self)
{
  char hash[crypto_pwhash_STRBYTES];
  g_auto (GValue) value = G_VALUE_INIT;

  if (!make_hash (self, work->password, hash))
    {
      muster_promise_reject_on_main (work->promise,
                                     g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                                          "no memory is left to hash a password"));
      return;
    }
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, hash);
  muster_promise_resolve_on_main (work->promise, &value);
}

static void
work_verify (Work *work, MusterPasswordHasher *self)
{
  const char *hash = work->hash != NULL ? work->hash : self->nobody;
  gboolean    right = crypto_pwhash_str_verify (hash, work->password, strlen (work->password)) == 0;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  if (!right || work->hash == NULL)
    g_value_set_int (&value, MUSTER_PASSWORD_WRONG);
  else if (crypto_pwhash_str_needs_rehash (hash, self->cost.passes, self->cost.memory) != 0)
    g_value_set_int (&value, MUSTER_PASSWORD_AGED);
  else
    g_value_set_int (&value, MUSTER_PASSWORD_RIGHT);
  muster_promise_resolve_on_main (work->promise, &value);
}

static void
work_run (gpointer data, gpointer user_data)
{
  Work                 *work = data;
  MusterPasswordHasher *self = user_data;
  guint8                random[16];

  if (work->promise == NULL)
    {
      char hex[2 * sizeof random + 1];

      randombytes_buf (random, sizeof random);
      sodium_bin2hex (hex, sizeof hex, random, sizeof random);
      if (!make_hash (self, hex, self->nobody))
        self->nobody[0] = '\0';
    }
  else if (work->verifies)
    work_verify (work, self);
  else
    work_hash (work, self);
  work_free (work);
}

/* --- on the main thread --- */

static DexFuture *
muster_password_hasher_push (MusterPasswordHasher *self, Work *work)
{
  DexFuture *future = NULL;

  if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    {
      work_free (work);
      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                    "too many passwords are being checked: try again in a moment");
    }
  future = dex_ref (DEX_FUTURE (work->promise));
  g_thread_pool_push (self->pool, work, NULL);
  return future;
}

DexFuture *
muster_password_hasher_hash (MusterPasswordHasher *self, const char *password)
{
  g_return_val_if_fail (MUSTER_IS_PASSWORD_HASHER (self), NULL);
  g_return_val_if_fail (password != NULL, NULL);

  return muster_password_hasher_push (self, work_new (password, NULL, FALSE));
}

DexFuture *
muster_password_hasher_verify (MusterPasswordHasher *self, const char *hash, const char *password)
{
  g_return_val_if_fail (MUSTER_IS_PASSWORD_HASHER (self), NULL);
  g_return_val_if_fail (password != NULL, NULL);

  return muster_password_hasher_push (self, work_new (password, hash, TRUE));
}

static void
muster_password_hasher_finalize (GObject *object)
{
  MusterPasswordHasher *self = MUSTER_PASSWORD_HASHER (object);

  g_thread_pool_free (self->pool, FALSE, TRUE);
  G_OBJECT_CLASS (muster_password_hasher_parent_class)->finalize (object);
}

static void
muster_password_hasher_class_init (MusterPasswordHasherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_password_hasher_finalize;
}

static void
muster_password_hasher_init (MusterPasswordHasher *self)
{
  self->pool = g_thread_pool_new_full (work_run, self, work_free, 1, FALSE, NULL);
}

MusterPasswordHasher *
muster_password_hasher_new (const MusterPasswordCost *cost)
{
  MusterPasswordHasher *self = NULL;

  g_return_val_if_fail (cost != NULL, NULL);

  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
  self = g_object_new (MUSTER_TYPE_PASSWORD_HASHER, NULL);
  self->cost = *cost;
  g_thread_pool_push (self->pool, g_new0 (Work, 1), NULL);
  return self;
}
