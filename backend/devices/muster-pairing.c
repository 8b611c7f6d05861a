/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pairing"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-label-secret.h"
#include "model/muster-error.h"
#include "muster-noise.h"
#include "muster-pairing-message.h"
#include "muster-pairing.h"

#define SESSION_LENGTH 8
#define MEDIA_TYPE "application/octet-stream"
#define ASK_TIMEOUT_MS 3000
#define PROVE_TIMEOUT_MS 5000
#define TELL_TIMEOUT_MS 8000 /* a device writes flash before it answers */
#define N_TELLS 3            /* the same words, while the answer is lost */
#define TELL_AGAIN_MS 200

/* HTTP statuses of the protocol. */
#define STATUS_OK 200
#define STATUS_WRONG_SECRET 403
#define STATUS_ADOPTED 409
#define STATUS_EXPIRED 410
#define STATUS_WAIT 429

struct _MusterPairing
{
  GObject                parent_instance;
  MusterHttpFetch       *fetch;    /* (owned) */
  char                  *address;  /* (owned) */
  char                  *serial;   /* (owned) (nullable): that must answer */
  guint8                *psk;      /* (owned) (nullable): locked memory */
  MusterNoise           *channel;  /* (owned) (nullable) */
  GBytes                *session;  /* (owned) (nullable) */
  GBytes                *words;    /* (owned) (nullable): the encoded credentials */
  MusterPairingIdentity *identity; /* (owned) (nullable) */
  char                  *firmware; /* (owned) (nullable) */
  MusterPairingStep      step;
  gboolean               retry;
};

G_DEFINE_FINAL_TYPE (MusterPairing, muster_pairing, G_TYPE_OBJECT)

typedef enum
{
  PROP_STEP = 1,
} MusterPairingProperty;

static GParamSpec *properties[PROP_STEP + 1];

static void
muster_pairing_set_step (MusterPairing *self, MusterPairingStep step)
{
  if (self->step == step)
    return;
  self->step = step;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

static MusterHttpReply *
muster_pairing_ask (MusterPairing *self,
                    const char    *method,
                    const char    *path,
                    GBytes        *body,
                    unsigned       timeout_ms,
                    GError       **error)
{
  g_autofree char *uri = g_strconcat ("http://", self->address, path, NULL);

  return dex_await_boxed (muster_http_fetch_send (self->fetch, method, uri, body,
                                                  body != NULL ? MEDIA_TYPE : NULL,
                                                  MUSTER_PAIRING_BODY_MAX, timeout_ms),
                          error);
}

/* TRUE for 200, else FALSE with what the status means. */
static gboolean
muster_pairing_check_status (MusterPairing *self, MusterHttpReply *reply, GError **error)
{
  switch (reply->status)
    {
    case STATUS_OK:
      return TRUE;
    case STATUS_WRONG_SECRET:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                   "this is not the secret of the device: compare it with the label");
      return FALSE;
    case STATUS_ADOPTED:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the device is adopted already: release it there, or reset it");
      return FALSE;
    case STATUS_EXPIRED:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                   "the device waited too long for the pairing to go on: try again");
      return FALSE;
    case STATUS_WAIT:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED,
                   "the device takes no secrets for %d seconds, after too many wrong ones",
                   MAX (reply->retry_after, 1));
      return FALSE;
    default:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "the device answered with status %u",
                   reply->status);
      return FALSE;
    }
}

static gboolean
muster_pairing_identify (MusterPairing *self, GError **error)
{
  g_autoptr (MusterHttpReply) reply =
              muster_pairing_ask (self, "GET", "/pair", NULL, ASK_TIMEOUT_MS, error);

  if (reply == NULL || !muster_pairing_check_status (self, reply, error))
    return FALSE;
  g_clear_pointer (&self->identity, muster_pairing_identity_free);
  self->identity = muster_pairing_identity_parse (g_bytes_get_data (reply->body, NULL),
                                                  g_bytes_get_size (reply->body), error);
  if (self->identity == NULL)
    return FALSE;
  if (self->serial != NULL && !g_str_equal (self->serial, self->identity->serial))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "at %s answers the device %s, not %s", self->address, self->identity->serial,
                   self->serial);
      return FALSE;
    }
  if (self->identity->adopted && !self->retry)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the device is adopted already: release it there, or reset it");
      return FALSE;
    }
  return TRUE;
}

/* Makes a new channel and session; the device forgets any one before. */
static gboolean
muster_pairing_shake_hands (MusterPairing *self, GError **error)
{
  g_autoptr (GBytes) prologue = muster_pairing_make_prologue (self->identity->serial);
  g_autoptr (GBytes) ours = NULL;
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (MusterHttpReply) reply = NULL;
  const guint8 *answer = NULL;
  gsize         length = 0;

  g_clear_pointer (&self->channel, muster_noise_free);
  g_clear_pointer (&self->session, g_bytes_unref);
  self->channel = muster_noise_new (MUSTER_NOISE_INITIATOR, self->psk,
                                    g_bytes_get_data (prologue, NULL), g_bytes_get_size (prologue));
  ours = muster_noise_write (self->channel, NULL, 0, error);
  if (ours == NULL)
    return FALSE;
  reply = muster_pairing_ask (self, "POST", "/pair/1", ours, PROVE_TIMEOUT_MS, error);
  if (reply == NULL || !muster_pairing_check_status (self, reply, error))
    return FALSE;
  answer = g_bytes_get_data (reply->body, &length);
  if (length != SESSION_LENGTH + MUSTER_NOISE_HANDSHAKE_OVERHEAD)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                   "the device answered the handshake with %zu bytes", length);
      return FALSE;
    }
  /* It took our proof, so the secret is right: what does not decrypt now was changed on the way. */
  payload =
    muster_noise_read (self->channel, answer + SESSION_LENGTH, length - SESSION_LENGTH, NULL);
  if (payload == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                   "the device's answer to the handshake is not genuine");
      return FALSE;
    }
  self->session = g_bytes_new_from_bytes (reply->body, 0, SESSION_LENGTH);
  return TRUE;
}

static DexFuture *
muster_pairing_fail (MusterPairing *self, GError *error)
{
  muster_pairing_set_step (self, MUSTER_PAIRING_FAILED);
  return dex_future_new_for_error (error);
}

static DexFuture *
muster_pairing_prove_fiber (gpointer user_data)
{
  MusterPairing *self = user_data;
  GError        *error = NULL;

  muster_pairing_set_step (self, MUSTER_PAIRING_CONNECTING);
  if (!muster_pairing_identify (self, &error))
    return muster_pairing_fail (self, error);
  muster_pairing_set_step (self, MUSTER_PAIRING_HANDSHAKE);
  if (!muster_pairing_shake_hands (self, &error))
    return muster_pairing_fail (self, error);
  muster_pairing_set_step (self, MUSTER_PAIRING_READY);
  return dex_future_new_true ();
}

DexFuture *
muster_pairing_prove (MusterPairing *self, const guint8 *secret, const char *serial, gboolean retry)
{
  g_return_val_if_fail (MUSTER_IS_PAIRING (self), NULL);
  g_return_val_if_fail (secret != NULL, NULL);
  g_return_val_if_fail (self->psk == NULL, NULL);

  if (sodium_init () < 0 || (self->psk = sodium_malloc (MUSTER_LABEL_PSK_LENGTH)) == NULL)
    g_error ("no locked memory for keys");
  muster_label_secret_derive_psk (secret, self->psk);
  self->serial = g_strdup (serial);
  self->retry = retry;
  return dex_scheduler_spawn (NULL, 0, muster_pairing_prove_fiber, g_object_ref (self),
                              g_object_unref);
}

static GBytes *
muster_pairing_make_letter (MusterPairing *self, GError **error)
{
  g_autoptr (GBytes) sealed =
              muster_noise_write (self->channel, g_bytes_get_data (self->words, NULL),
                                  g_bytes_get_size (self->words), error);
  GByteArray *letter = NULL;

  if (sealed == NULL)
    return NULL;
  letter = g_byte_array_new ();
  g_byte_array_append (letter, g_bytes_get_data (self->session, NULL),
                       g_bytes_get_size (self->session));
  g_byte_array_append (letter, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (letter);
}

static gboolean
muster_pairing_read_result (MusterPairing *self, MusterHttpReply *reply, GError **error)
{
  g_autoptr (GBytes) opened = muster_noise_read (self->channel, g_bytes_get_data (reply->body, NULL),
                                                g_bytes_get_size (reply->body), NULL);
  g_autoptr (MusterPairingResult) result = NULL;

  if (opened == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                   "the device's last answer is not genuine");
      return FALSE;
    }
  result = muster_pairing_result_decode (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened),
                                         error);
  if (result == NULL)
    return FALSE;
  if (!result->ok)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the device refuses: %s",
                   result->error != NULL ? result->error : "it does not say why");
      return FALSE;
    }
  if (result->firmware != NULL && *result->firmware != '\0')
    g_set_str (&self->firmware, result->firmware);
  return TRUE;
}

/* Sends LETTER until an answer comes: the device knows a repeated one by its session. */
static MusterHttpReply *
muster_pairing_post_letter (MusterPairing *self, GBytes *letter, GError **error)
{
  for (unsigned attempt = 1;; attempt++)
    {
      g_autoptr (GError) lost = NULL;
      MusterHttpReply *reply =
        muster_pairing_ask (self, "POST", "/pair/2", letter, TELL_TIMEOUT_MS, &lost);

      if (reply != NULL)
        return reply;
      g_debug ("%s: no answer to the credentials: %s", self->address, lost->message);
      if (attempt == N_TELLS)
        {
          g_propagate_error (error, g_steal_pointer (&lost));
          return NULL;
        }
      dex_await (dex_timeout_new_msec (TELL_AGAIN_MS * attempt), NULL);
    }
}

static gboolean
muster_pairing_hand_over (MusterPairing *self, GError **error)
{
  for (gboolean again = FALSE;; again = TRUE)
    {
      g_autoptr (GBytes) letter = muster_pairing_make_letter (self, error);
      g_autoptr (MusterHttpReply) reply =
                  letter != NULL ? muster_pairing_post_letter (self, letter, error) : NULL;

      if (reply == NULL)
        return FALSE;
      if (reply->status == STATUS_EXPIRED && !again)
        {
          /* It restarted in between, or the session ended: the adoption's id makes a second
           * handshake harmless. */
          if (!muster_pairing_shake_hands (self, error))
            return FALSE;
          continue;
        }
      return muster_pairing_check_status (self, reply, error) &&
             muster_pairing_read_result (self, reply, error);
    }
}

static DexFuture *
muster_pairing_tell_fiber (gpointer user_data)
{
  MusterPairing *self = user_data;
  GError        *error = NULL;

  muster_pairing_set_step (self, MUSTER_PAIRING_CREDENTIALS);
  if (!muster_pairing_hand_over (self, &error))
    return muster_pairing_fail (self, error);
  muster_pairing_set_step (self, MUSTER_PAIRING_DONE);
  return dex_future_new_true ();
}

DexFuture *
muster_pairing_tell (MusterPairing *self, const MusterPairingCredentials *credentials)
{
  g_return_val_if_fail (MUSTER_IS_PAIRING (self), NULL);
  g_return_val_if_fail (self->step == MUSTER_PAIRING_READY, NULL);
  g_return_val_if_fail (credentials != NULL && credentials->adoption_id != NULL, NULL);

  self->words = muster_pairing_credentials_encode (credentials);
  if (g_bytes_get_size (self->words) + SESSION_LENGTH + MUSTER_NOISE_TAG_LENGTH >
      MUSTER_PAIRING_BODY_MAX)
    return dex_future_new_reject (
      MUSTER_ERROR, MUSTER_ERROR_FAILED,
      "the credentials are too long for a device: the site has too many addresses or too large a certificate");
  return dex_scheduler_spawn (NULL, 0, muster_pairing_tell_fiber, g_object_ref (self),
                              g_object_unref);
}

MusterPairingStep
muster_pairing_get_step (MusterPairing *self)
{
  g_return_val_if_fail (MUSTER_IS_PAIRING (self), MUSTER_PAIRING_FAILED);

  return self->step;
}

const MusterPairingIdentity *
muster_pairing_get_identity (MusterPairing *self)
{
  g_return_val_if_fail (MUSTER_IS_PAIRING (self), NULL);

  return self->identity;
}

const char *
muster_pairing_get_firmware (MusterPairing *self)
{
  g_return_val_if_fail (MUSTER_IS_PAIRING (self), NULL);

  if (self->firmware != NULL)
    return self->firmware;
  return self->identity != NULL ? self->identity->firmware : NULL;
}

gboolean
muster_pairing_error_is_definite (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
}

static void
muster_pairing_finalize (GObject *object)
{
  MusterPairing *self = MUSTER_PAIRING (object);

  g_clear_object (&self->fetch);
  g_free (self->address);
  g_free (self->serial);
  g_free (self->firmware);
  if (self->psk != NULL)
    sodium_free (self->psk);
  g_clear_pointer (&self->channel, muster_noise_free);
  g_clear_pointer (&self->session, g_bytes_unref);
  g_clear_pointer (&self->words, g_bytes_unref);
  g_clear_pointer (&self->identity, muster_pairing_identity_free);
  G_OBJECT_CLASS (muster_pairing_parent_class)->finalize (object);
}

static void
muster_pairing_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterPairingProperty)prop_id)
    {
    case PROP_STEP:
      g_value_set_uint (value, MUSTER_PAIRING (object)->step);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_pairing_class_init (MusterPairingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = muster_pairing_finalize;
  object_class->get_property = muster_pairing_get_property;
  properties[PROP_STEP] = g_param_spec_uint ("step", NULL, NULL, 0, MUSTER_PAIRING_FAILED, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_pairing_init (MusterPairing *self)
{
}

MusterPairing *
muster_pairing_new (MusterHttpFetch *fetch, const char *address)
{
  MusterPairing *self = NULL;

  g_return_val_if_fail (MUSTER_IS_HTTP_FETCH (fetch), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_PAIRING, NULL);
  self->fetch = g_object_ref (fetch);
  self->address = g_strdup (address);
  return self;
}
