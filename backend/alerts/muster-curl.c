/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-curl"

#include "config.h"

#include <curl/curl.h>
#include <string.h>

#include "core/http/muster-http-fetch.h"
#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-curl.h"

#define MAX_THREADS 4
#define MAX_ANSWER (16 * 1024)
#define CONNECT_MILLISECONDS 10000L

struct _MusterCurl
{
  GObject parent_instance;

  GThreadPool *pool;  /* (owned) (element-type Work) */
  gint         ended; /* atomic */
};

G_DEFINE_FINAL_TYPE (MusterCurl, muster_curl, G_TYPE_OBJECT)

/* One exchange; everything is its own, since it runs on another thread. */
typedef struct
{
  DexPromise *promise;
  char       *url;
  char      **headers; /* (nullable): of a post */
  char       *body;    /* or the message */
  gsize       position;
  char       *ca_file;
  unsigned    timeout_ms;

  gboolean is_mail;
  gboolean needs_tls;
  char    *user;
  char    *password;
  char    *from;
  char   **to;

  char          said[CURL_ERROR_SIZE];
  GString      *answer;
  int           retry_after;
  char         *asked;      /* (nullable): the recipient whose reply comes next */
  char         *last_reply; /* (nullable): the last reply that refuses something */
  GStrvBuilder *refused;
  GStrvBuilder *later;
  unsigned      n_taken;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  dex_clear (&self->promise);
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->url);
  g_strfreev (self->headers);
  g_free (self->body);
  g_free (self->ca_file);
  g_free (self->user);
  g_free (self->password);
  g_free (self->from);
  g_strfreev (self->to);
  g_string_free (self->answer, TRUE);
  g_free (self->asked);
  g_free (self->last_reply);
  g_strv_builder_unref (self->refused);
  g_strv_builder_unref (self->later);
  g_free (self);
}

static Work *
work_new (const char *url, const char *body, const char *ca_file, unsigned timeout_ms)
{
  Work *self = g_new0 (Work, 1);

  self->promise = dex_promise_new ();
  self->url = g_strdup (url);
  self->body = g_strdup (body);
  self->ca_file = g_strdup (ca_file);
  self->timeout_ms = timeout_ms;
  self->answer = g_string_new (NULL);
  self->retry_after = -1;
  self->refused = g_strv_builder_new ();
  self->later = g_strv_builder_new ();
  return self;
}

static MusterCurlMailResult *
muster_curl_mail_result_copy (const MusterCurlMailResult *self)
{
  MusterCurlMailResult *copy = g_new0 (MusterCurlMailResult, 1);

  copy->refused = g_strdupv (self->refused);
  copy->later = g_strdupv (self->later);
  return copy;
}

static void
muster_curl_mail_result_free (MusterCurlMailResult *self)
{
  g_strfreev (self->refused);
  g_strfreev (self->later);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (MusterCurlMailResult,
                     muster_curl_mail_result,
                     muster_curl_mail_result_copy,
                     muster_curl_mail_result_free)

/* --- on a worker's thread --- */

static size_t
read_cb (char *buffer, size_t size, size_t n, void *user_data)
{
  Work  *work = user_data;
  size_t length = MIN (size * n, strlen (work->body + work->position));

  memcpy (buffer, work->body + work->position, length);
  work->position += length;
  return length;
}

static size_t
write_cb (char *data, size_t size, size_t n, void *user_data)
{
  Work *work = user_data;

  g_string_append_len (work->answer, data, MIN (size * n, MAX_ANSWER - work->answer->len));
  return size * n;
}

static size_t
header_cb (char *data, size_t size, size_t n, void *user_data)
{
  Work            *work = user_data;
  g_autofree char *line = g_strndup (data, size * n);
  guint64          seconds;

  if (g_ascii_strncasecmp (line, "Retry-After:", 12) == 0 &&
      g_ascii_string_to_unsigned (g_strstrip (line + 12), 10, 0, 86400, &seconds, NULL))
    work->retry_after = seconds;
  return size * n;
}

/* What the mail server says of whom; curl tells only whether any recipient is left. Lines of the
 * sign-in pass by here too, and are not kept. */
static int
debug_cb (CURL *easy, curl_infotype type, char *data, size_t size, void *user_data)
{
  Work            *work = user_data;
  g_autofree char *line = NULL;
  const char      *end;

  if (type != CURLINFO_HEADER_OUT && type != CURLINFO_HEADER_IN)
    return 0;
  line = g_strndup (data, size);
  if (type == CURLINFO_HEADER_OUT)
    {
      g_clear_pointer (&work->asked, g_free);
      if (g_str_has_prefix (line, "RCPT TO:<") && (end = strchr (line, '>')) != NULL)
        work->asked = g_strndup (line + 9, end - line - 9);
      return 0;
    }
  if (size < 4 || line[3] != ' ' || !g_ascii_isdigit (line[0]))
    return 0;
  g_strstrip (line);
  if (line[0] >= '4')
    g_set_str (&work->last_reply, line);
  if (work->asked == NULL)
    return 0;
  if (line[0] == '4')
    g_strv_builder_add (work->later, work->asked);
  else if (line[0] == '5')
    g_strv_builder_take (work->refused, g_strdup_printf ("%s: %s", work->asked, line));
  else
    work->n_taken++;
  g_clear_pointer (&work->asked, g_free);
  return 0;
}

static int
progress_cb (void      *user_data,
             curl_off_t download_total,
             curl_off_t downloaded,
             curl_off_t upload_total,
             curl_off_t uploaded)
{
  return g_atomic_int_get (&MUSTER_CURL (user_data)->ended) ? 1 : 0;
}

static void
set_common (CURL *easy, Work *work, MusterCurl *self)
{
  curl_easy_setopt (easy, CURLOPT_URL, work->url);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, work->said);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MILLISECONDS);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long)work->timeout_ms);
  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, self);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, work);
  if (work->ca_file != NULL)
    curl_easy_setopt (easy, CURLOPT_CAINFO, work->ca_file);
}

static struct curl_slist *
make_list (char **texts)
{
  struct curl_slist *list = NULL;

  for (char **text = texts; text != NULL && *text != NULL; text++)
    list = curl_slist_append (list, *text);
  return list;
}

static CURLcode
perform_post (CURL *easy, Work *work)
{
  struct curl_slist *headers = make_list (work->headers);
  CURLcode           code;

  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_POST, 1L);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDS, work->body);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen (work->body));
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (easy, CURLOPT_USERAGENT, "Muster/" MUSTER_VERSION);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, work);
  code = curl_easy_perform (easy);
  curl_slist_free_all (headers);
  return code;
}

static CURLcode
perform_mail (CURL *easy, Work *work)
{
  struct curl_slist *to = make_list (work->to);
  CURLcode           code;

  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (easy, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (easy, CURLOPT_READDATA, work);
  curl_easy_setopt (easy, CURLOPT_MAIL_FROM, work->from);
  curl_easy_setopt (easy, CURLOPT_MAIL_RCPT, to);
  /* One wrong address must not keep the mail from the others. */
  curl_easy_setopt (easy, CURLOPT_MAIL_RCPT_ALLOWFAILS, 1L);
  if (work->needs_tls)
    curl_easy_setopt (easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
  if (work->user != NULL)
    curl_easy_setopt (easy, CURLOPT_USERNAME, work->user);
  if (work->user != NULL && work->password != NULL)
    curl_easy_setopt (easy, CURLOPT_PASSWORD, work->password);
  curl_easy_setopt (easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (easy, CURLOPT_DEBUGFUNCTION, debug_cb);
  curl_easy_setopt (easy, CURLOPT_DEBUGDATA, work);
  code = curl_easy_perform (easy);
  curl_slist_free_all (to);
  return code;
}

static gboolean
is_about_sign_in (const char *reply)
{
  return g_str_has_prefix (reply, "530") || g_str_has_prefix (reply, "534") ||
         g_str_has_prefix (reply, "535") || g_str_has_prefix (reply, "538");
}

/* Which MUSTER_ERROR the failure CODE is. */
static MusterError
classify (Work *work, CURLcode code)
{
  const char *reply = work->last_reply;

  if (code == CURLE_OPERATION_TIMEDOUT)
    return MUSTER_ERROR_TIMED_OUT;
  if (code == CURLE_LOGIN_DENIED || (reply != NULL && is_about_sign_in (reply)))
    return MUSTER_ERROR_UNAUTHORIZED;
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    return MUSTER_ERROR_INVALID;
  if (reply != NULL && reply[0] == '5')
    return MUSTER_ERROR_NOT_FOUND;
  return MUSTER_ERROR_UNAVAILABLE;
}

static void
work_reject (Work *work, CURLcode code)
{
  MusterError kind = classify (work, code);
  g_auto (GStrv) refused = g_strv_builder_end (work->refused);
  g_auto (GStrv) later = g_strv_builder_end (work->later);
  const char      *said = work->said[0] != '\0' ? work->said : curl_easy_strerror (code);
  g_autofree char *list = g_strjoinv ("; ", refused);
  g_autofree char *valid = NULL;

  if (*list != '\0')
    said = list;
  else if (work->last_reply != NULL)
    said = work->last_reply;
  /* Who was told to come again later may still be reached. */
  if (kind == MUSTER_ERROR_NOT_FOUND && later[0] != NULL)
    kind = MUSTER_ERROR_UNAVAILABLE;
  valid = g_utf8_make_valid (said, -1);
  muster_promise_reject_on_main (work->promise,
                                 g_error_new (MUSTER_ERROR, kind,
                                              work->is_mail ? "the mail server: %s" : "%s", valid));
}

static void
work_resolve_mail (Work *work)
{
  MusterCurlMailResult result = { g_strv_builder_end (work->refused),
                                  g_strv_builder_end (work->later) };
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, MUSTER_TYPE_CURL_MAIL_RESULT);
  g_value_set_boxed (&value, &result);
  muster_promise_resolve_on_main (work->promise, &value);
  g_strfreev (result.refused);
  g_strfreev (result.later);
}

static void
work_resolve_post (Work *work, CURL *easy, gint64 duration)
{
  g_autoptr (GBytes) body = g_bytes_new (work->answer->str, work->answer->len);
  g_autoptr (MusterHttpReply) reply = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  char *type = NULL;
  long  status = 0;

  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (easy, CURLINFO_CONTENT_TYPE, &type);
  reply = muster_http_reply_new (status, body, type, work->retry_after, duration);
  g_value_init (&value, MUSTER_TYPE_HTTP_REPLY);
  g_value_set_boxed (&value, reply);
  muster_promise_resolve_on_main (work->promise, &value);
}

static void
work_run (gpointer data, gpointer user_data)
{
  Work    *work = data;
  CURL    *easy = curl_easy_init ();
  gint64   start = g_get_monotonic_time ();
  CURLcode code;

  g_assert (easy != NULL);
  set_common (easy, work, user_data);
  code = work->is_mail ? perform_mail (easy, work) : perform_post (easy, work);
  if (code != CURLE_OK)
    work_reject (work, code);
  else if (work->is_mail)
    work_resolve_mail (work);
  else
    work_resolve_post (work, easy, g_get_monotonic_time () - start);
  curl_easy_cleanup (easy);
  work_free (work);
}

/* --- on the main thread --- */

static DexFuture *
muster_curl_push (MusterCurl *self, Work *work)
{
  DexFuture *future = dex_ref (DEX_FUTURE (work->promise));

  g_thread_pool_push (self->pool, work, NULL);
  return future;
}

DexFuture *
muster_curl_post (MusterCurl *self, const MusterCurlPost *post)
{
  Work *work;

  g_return_val_if_fail (MUSTER_IS_CURL (self), NULL);
  g_return_val_if_fail (post->url != NULL && post->body != NULL, NULL);

  work = work_new (post->url, post->body, post->ca_file, post->timeout_ms);
  work->headers = g_strdupv ((char **)post->headers);
  return muster_curl_push (self, work);
}

DexFuture *
muster_curl_send_mail (MusterCurl *self, const MusterCurlMail *mail)
{
  Work *work;

  g_return_val_if_fail (MUSTER_IS_CURL (self), NULL);
  g_return_val_if_fail (mail->url != NULL && mail->message != NULL, NULL);
  g_return_val_if_fail (mail->to != NULL && mail->to[0] != NULL, NULL);

  work = work_new (mail->url, mail->message, mail->ca_file, mail->timeout_ms);
  work->is_mail = TRUE;
  work->needs_tls = mail->needs_tls;
  work->user = g_strdup (mail->user);
  work->password = g_strdup (mail->password);
  work->from = g_strdup (mail->from);
  work->to = g_strdupv ((char **)mail->to);
  return muster_curl_push (self, work);
}

static void
muster_curl_dispose (GObject *object)
{
  MusterCurl *self = MUSTER_CURL (object);

  g_atomic_int_set (&self->ended, 1);
  if (self->pool != NULL)
    g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);
  G_OBJECT_CLASS (muster_curl_parent_class)->dispose (object);
}

static void
muster_curl_class_init (MusterCurlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_curl_dispose;
  curl_global_init (CURL_GLOBAL_DEFAULT);
}

static void
muster_curl_init (MusterCurl *self)
{
  self->pool = g_thread_pool_new_full (work_run, self, work_free, MAX_THREADS, FALSE, NULL);
}

MusterCurl *
muster_curl_new (void)
{
  return g_object_new (MUSTER_TYPE_CURL, NULL);
}
