/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-device"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-noise.h"
#include "muster-pairing-message.h"
#include "muster-test-device.h"
#include "pairing.pb-c.h"

#define SESSION_LENGTH 8
#define N_WRONG_SECRETS 5

struct _MusterTestDevice
{
  MusterHttpFetch parent_instance;
  char           *serial;
  guint8          secret[MUSTER_LABEL_SECRET_LENGTH];
  char           *secret_text;
  char           *identity; /* (nullable) */
  char           *adoption_id;
  char           *username;
  char           *password;
  MusterNoise    *channel;
  guint8          session[SESSION_LENGTH];
  GBytes         *letter; /* the last one that was taken, and what was answered */
  GBytes         *answer;
  GBytes         *last_letter;
  GHashTable     *requests; /* path → count */
  char           *fault_path;
  MusterTestFault fault;
  unsigned        n_faults;
  unsigned        n_wrong;
  unsigned        n_stores;
};

G_DEFINE_FINAL_TYPE (MusterTestDevice, muster_test_device, MUSTER_TYPE_HTTP_FETCH)

static MusterHttpReply *
reply_status (unsigned status, int retry_after)
{
  return muster_http_reply_new (status, NULL, NULL, retry_after, 1000);
}

static MusterHttpReply *
reply_bytes (GBytes *bytes, const char *media_type)
{
  return muster_http_reply_new (200, bytes, media_type, -1, 1000);
}

static void
muster_test_device_forget_session (MusterTestDevice *self)
{
  g_clear_pointer (&self->channel, muster_noise_free);
  g_clear_pointer (&self->letter, g_bytes_unref);
  g_clear_pointer (&self->answer, g_bytes_unref);
}

static MusterHttpReply *
muster_test_device_tell_identity (MusterTestDevice *self)
{
  g_autofree char *right = g_strdup_printf (
    "{\"serial\":\"%s\",\"mac\":\"A4CF12003344\",\"model\":\"MN-1\",\"firmware\":\"1.0.0\",\"hardware\":\"B\","
    "\"name\":\"Lamp\",\"pairing\":1,\"state\":\"%s\"}",
    self->serial, self->adoption_id != NULL ? "adopted" : "new");
  const char *json = self->identity != NULL ? self->identity : right;
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return reply_bytes (bytes, "application/json");
}

static MusterHttpReply *
muster_test_device_shake_hands (MusterTestDevice *self, GBytes *body)
{
  g_autoptr (GBytes) prologue = muster_pairing_make_prologue (self->serial);
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) ours = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GByteArray *answer = NULL;
  guint8      psk[MUSTER_LABEL_PSK_LENGTH];

  if (self->n_wrong >= N_WRONG_SECRETS)
    return reply_status (429, 1);
  muster_test_device_forget_session (self);
  muster_label_secret_derive_psk (self->secret, psk);
  self->channel = muster_noise_new (MUSTER_NOISE_RESPONDER, psk, g_bytes_get_data (prologue, NULL),
                                    g_bytes_get_size (prologue));
  payload =
    muster_noise_read (self->channel, g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL);
  if (payload == NULL)
    {
      self->n_wrong++;
      muster_test_device_forget_session (self);
      return reply_status (403, -1);
    }
  self->n_wrong = 0;
  randombytes_buf (self->session, SESSION_LENGTH);
  ours = muster_noise_write (self->channel, NULL, 0, NULL);
  answer = g_byte_array_new ();
  g_byte_array_append (answer, self->session, SESSION_LENGTH);
  g_byte_array_append (answer, g_bytes_get_data (ours, NULL), g_bytes_get_size (ours));
  bytes = g_byte_array_free_to_bytes (answer);
  return reply_bytes (bytes, "application/octet-stream");
}

static GBytes *
muster_test_device_seal_result (MusterTestDevice *self, gboolean ok)
{
  Muster__Pairing__Result result = MUSTER__PAIRING__RESULT__INIT;
  guint8                  packed[256];

  result.has_ok = TRUE;
  result.ok = ok;
  result.error = ok ? NULL : (char *)"no space left for the certificate";
  result.firmware = (char *)"1.0.1";
  return muster_noise_write (self->channel, packed, muster__pairing__result__pack (&result, packed),
                             NULL);
}

/* FALSE: it belongs to another adoption. */
static gboolean
muster_test_device_keep (MusterTestDevice *self, const Muster__Pairing__Credentials *credentials)
{
  if (self->adoption_id != NULL)
    return g_str_equal (self->adoption_id, credentials->adoption_id);
  self->adoption_id = g_strdup (credentials->adoption_id);
  g_set_str (&self->username, credentials->username);
  g_set_str (&self->password, credentials->password);
  self->n_stores++;
  return TRUE;
}

static MusterHttpReply *
muster_test_device_take_credentials (MusterTestDevice *self, GBytes *body, gboolean refuse)
{
  g_autoptr (GBytes) words = NULL;
  Muster__Pairing__Credentials *credentials = NULL;
  const guint8                 *data = g_bytes_get_data (body, NULL);
  gsize                         size = g_bytes_get_size (body);
  gboolean                      ours = FALSE;

  g_clear_pointer (&self->last_letter, g_bytes_unref);
  self->last_letter = g_bytes_ref (body);
  if (size < SESSION_LENGTH + MUSTER_NOISE_TAG_LENGTH)
    return reply_status (400, -1);
  if (self->channel == NULL || memcmp (data, self->session, SESSION_LENGTH) != 0)
    return reply_status (410, -1);
  if (self->letter != NULL)
    return g_bytes_equal (self->letter, body)
             ? reply_bytes (self->answer, "application/octet-stream")
             : reply_status (400, -1);
  words = muster_noise_read (self->channel, data + SESSION_LENGTH, size - SESSION_LENGTH, NULL);
  if (words == NULL)
    return reply_status (400, -1);
  credentials = muster__pairing__credentials__unpack (NULL, g_bytes_get_size (words),
                                                      g_bytes_get_data (words, NULL));
  g_assert_nonnull (credentials);
  ours = refuse || muster_test_device_keep (self, credentials);
  muster__pairing__credentials__free_unpacked (credentials, NULL);
  if (!ours)
    return reply_status (409, -1);
  self->letter = g_bytes_ref (body);
  self->answer = muster_test_device_seal_result (self, !refuse);
  return reply_bytes (self->answer, "application/octet-stream");
}

static MusterHttpReply *
muster_test_device_answer (MusterTestDevice *self,
                           const char       *path,
                           GBytes           *body,
                           MusterTestFault   fault)
{
  if (g_str_equal (path, "/pair"))
    return muster_test_device_tell_identity (self);
  if (g_str_equal (path, "/pair/1"))
    return muster_test_device_shake_hands (self, body);
  if (g_str_equal (path, "/pair/2"))
    return muster_test_device_take_credentials (self, body, fault == MUSTER_TEST_FAULT_REFUSE);
  return reply_status (404, -1);
}

static MusterHttpReply *
spoil (MusterHttpReply *reply, gboolean cut)
{
  gsize              size = g_bytes_get_size (reply->body);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (reply->body, NULL), size);
  g_autoptr (GBytes) bytes = NULL;
  unsigned status = reply->status;

  if (cut)
    size /= 2;
  else if (size > 0)
    data[size - 1] ^= 1;
  bytes = g_bytes_new (data, size);
  muster_http_reply_unref (reply);
  return muster_http_reply_new (status, bytes, NULL, -1, 1000);
}

static DexFuture *
muster_test_device_send (MusterHttpFetch *fetch,
                         const char      *method,
                         const char      *uri,
                         GBytes          *body,
                         const char      *content_type,
                         gsize            max_size,
                         unsigned         timeout_ms)
{
  MusterTestDevice *self = MUSTER_TEST_DEVICE (fetch);
  const char       *path = strchr (uri + strlen ("http://"), '/');
  MusterTestFault   fault = MUSTER_TEST_FAULT_NONE;
  MusterHttpReply  *reply = NULL;

  g_hash_table_insert (self->requests, g_strdup (path),
                       GUINT_TO_POINTER (muster_test_device_count_requests (self, path) + 1));
  if (self->n_faults > 0 && g_str_equal (path, self->fault_path))
    {
      self->n_faults--;
      fault = self->fault;
    }
  if (fault == MUSTER_TEST_FAULT_LOSE_REQUEST)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "cannot reach it: connection refused");
  if (fault == MUSTER_TEST_FAULT_RESTART)
    muster_test_device_forget_session (self);
  reply = muster_test_device_answer (self, path, body, fault);
  if (fault == MUSTER_TEST_FAULT_LOSE_ANSWER)
    {
      muster_http_reply_unref (reply);
      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT, "no answer within %u ms",
                                    timeout_ms);
    }
  if (fault == MUSTER_TEST_FAULT_CHANGE_ANSWER || fault == MUSTER_TEST_FAULT_CUT_ANSWER)
    reply = spoil (reply, fault == MUSTER_TEST_FAULT_CUT_ANSWER);
  return dex_future_new_take_boxed (MUSTER_TYPE_HTTP_REPLY, reply);
}

static void
muster_test_device_finalize (GObject *object)
{
  MusterTestDevice *self = MUSTER_TEST_DEVICE (object);

  muster_test_device_forget_session (self);
  g_clear_pointer (&self->last_letter, g_bytes_unref);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_free (self->serial);
  g_free (self->secret_text);
  g_free (self->identity);
  g_free (self->adoption_id);
  g_free (self->username);
  g_free (self->password);
  g_free (self->fault_path);
  G_OBJECT_CLASS (muster_test_device_parent_class)->finalize (object);
}

static void
muster_test_device_class_init (MusterTestDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_test_device_finalize;
  MUSTER_HTTP_FETCH_CLASS (klass)->send = muster_test_device_send;
}

static void
muster_test_device_init (MusterTestDevice *self)
{
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  muster_label_secret_generate (self->secret);
  self->secret_text = muster_label_secret_format (self->secret);
}

MusterTestDevice *
muster_test_device_new (const char *serial)
{
  MusterTestDevice *self = g_object_new (MUSTER_TYPE_TEST_DEVICE, NULL);

  self->serial = g_strdup (serial);
  return self;
}

const guint8 *
muster_test_device_get_secret (MusterTestDevice *self)
{
  return self->secret;
}

const char *
muster_test_device_get_secret_text (MusterTestDevice *self)
{
  return self->secret_text;
}

void
muster_test_device_set_fault (MusterTestDevice *self,
                              const char       *path,
                              MusterTestFault   fault,
                              unsigned          count)
{
  g_set_str (&self->fault_path, path);
  self->fault = fault;
  self->n_faults = count;
}

void
muster_test_device_set_identity (MusterTestDevice *self, const char *json)
{
  g_set_str (&self->identity, json);
}

void
muster_test_device_set_adopted (MusterTestDevice *self, const char *adoption_id)
{
  g_set_str (&self->adoption_id, adoption_id);
}

const char *
muster_test_device_get_adoption_id (MusterTestDevice *self)
{
  return self->adoption_id;
}

const char *
muster_test_device_get_username (MusterTestDevice *self)
{
  return self->username;
}

const char *
muster_test_device_get_password (MusterTestDevice *self)
{
  return self->password;
}

unsigned
muster_test_device_count_stores (MusterTestDevice *self)
{
  return self->n_stores;
}

unsigned
muster_test_device_count_requests (MusterTestDevice *self, const char *path)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->requests, path));
}

GBytes *
muster_test_device_get_last_letter (MusterTestDevice *self)
{
  return self->last_letter;
}
