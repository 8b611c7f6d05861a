/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-pairing"

#include "config.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gio.h>

#include "muster-node-pairing.h"

#define HEAD_MAX 2048
#define CLIENTS_MAX 4
#define PATIENCE_US (10 * G_USEC_PER_SEC)

typedef struct
{
  MusterNodePairing *server;
  MusterNodeWatch    watch;
  int                fd;
  gint64             until_us;
  gsize              size; /* of what came */
  gsize              head; /* size of the head, 0 = not yet whole */
  gsize              body; /* size of the body it announces */
  char               data[HEAD_MAX + MF_PAIR_BODY_MAX];
} Client;

struct _MusterNodePairing
{
  MusterNodeReactor *reactor;
  struct mf_device  *device;
  void (*answered) (gpointer user_data);
  gpointer        user_data;
  int             fd;
  guint16         port;
  MusterNodeWatch watch;
  Client         *clients[CLIENTS_MAX]; /* (owned) (nullable) */
};

static void
client_free (Client *client)
{
  muster_node_reactor_unwatch (client->server->reactor, &client->watch);
  close (client->fd);
  for (int i = 0; i < CLIENTS_MAX; i++)
    if (client->server->clients[i] == client)
      client->server->clients[i] = NULL;
  g_free (client);
}

static gboolean
name_is (const char *line, gsize size, const char *name, const char **value, gsize *value_size)
{
  gsize length = strlen (name);

  if (size <= length || line[length] != ':' || g_ascii_strncasecmp (line, name, length) != 0)
    return FALSE;
  line += length + 1;
  size -= length + 1;
  for (; size > 0 && (*line == ' ' || *line == '\t'); line++)
    size--;
  while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
    size--;
  *value = line;
  *value_size = size;
  return TRUE;
}

static gssize
parse_length (const char *value, gsize size)
{
  gssize length = 0;

  if (size == 0 || size > 6)
    return -1;
  for (gsize i = 0; i < size; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return -1;
      length = length * 10 + (value[i] - '0');
    }
  return length;
}

gssize
muster_node_pairing_parse_head (const char *head, gsize size, gboolean *expects)
{
  gssize length = 0;

  *expects = FALSE;
  for (const char *end = head + size, *line = head, *next; line < end; line = next)
    {
      const char *value, *newline = memchr (line, '\n', (gsize)(end - line));
      gsize       value_size, line_size;

      if (newline == NULL || newline == line || newline[-1] != '\r')
        return -1;
      next = newline + 1;
      line_size = (gsize)(newline - 1 - line);
      if (name_is (line, line_size, "Transfer-Encoding", &value, &value_size))
        return -1;
      if (name_is (line, line_size, "Expect", &value, &value_size))
        *expects = TRUE;
      if (name_is (line, line_size, "Content-Length", &value, &value_size) &&
          (length = parse_length (value, value_size)) < 0)
        return -1;
    }
  return length;
}

/* Answers and hangs up. The answer is smaller than any socket's buffer. */
static void
client_answer (Client     *client,
               int         status,
               guint       retry_after_s,
               const char *type,
               const void *body,
               gsize       size)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
                          "HTTP/1.1 %d %s\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\nConnection: close\r\nCache-Control: no-store\r\n",
                          status, status == 200 ? "OK" : "Error", size);
  if (size > 0)
    g_string_append_printf (text, "Content-Type: %s\r\n", type);
  if (retry_after_s > 0)
    g_string_append_printf (text, "Retry-After: %u\r\n", retry_after_s);
  g_string_append (text, "\r\n");
  g_string_append_len (text, body, (gssize)size);
  if (send (client->fd, text->str, text->len, MSG_NOSIGNAL) != (gssize)text->len)
    g_debug ("a pairing client left before its answer");
  shutdown (client->fd, SHUT_WR);
  client_free (client);
}

static void
client_pair (Client *client, enum mf_pair_step step)
{
  MusterNodePairing   *server = client->server;
  struct mf_pair_reply reply;
  void (*answered) (gpointer user_data) = server->answered;
  gpointer user_data = server->user_data;

  mf_pair_request (&server->device->pair, step, (guint8 *)client->data + client->head, client->body,
                   &reply);
  client_answer (client, reply.status, reply.retry_after_s, "application/octet-stream", reply.body,
                 reply.size);
  if (reply.status == 200)
    answered (user_data);
}

static void
client_serve (Client *client)
{
  char        description[MF_DESCRIPTION_MAX];
  const char *data = client->data;

  if (g_str_has_prefix (data, "GET /pair HTTP/1.") &&
      mf_device_describe (client->server->device, description, sizeof description))
    client_answer (client, 200, 0, "application/json", description, strlen (description));
  else if (g_str_has_prefix (data, "POST /pair/1 HTTP/1."))
    client_pair (client, MF_PAIR_HELLO);
  else if (g_str_has_prefix (data, "POST /pair/2 HTTP/1."))
    client_pair (client, MF_PAIR_CREDENTIALS);
  else if (g_str_has_prefix (data, "GET ") || g_str_has_prefix (data, "POST "))
    client_answer (client, 404, 0, NULL, NULL, 0);
  else
    client_answer (client, 400, 0, NULL, NULL, 0);
}

/* Looks for the end of the head. FALSE: answered already. */
static gboolean
client_find_head (Client *client)
{
  const char *end = memmem (client->data, client->size, "\r\n\r\n", 4);
  gboolean    expects;
  gssize      body;

  if (end == NULL || end - client->data + 4 > HEAD_MAX)
    {
      if (client->size < HEAD_MAX)
        return TRUE;
      client_answer (client, 400, 0, NULL, NULL, 0);
      return FALSE;
    }
  client->head = (gsize)(end - client->data) + 4;
  body = muster_node_pairing_parse_head (client->data, client->head - 2, &expects);
  if (body < 0 || body > MF_PAIR_BODY_MAX)
    {
      client_answer (client, 400, 0, NULL, NULL, 0);
      return FALSE;
    }
  client->body = (gsize)body;
  if (expects && client->size < client->head + client->body)
    return send (client->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) == 25;
  return TRUE;
}

static void
muster_node_pairing_client_cb (guint events, gpointer user_data)
{
  Client *client = user_data;
  gssize  n =
    recv (client->fd, client->data + client->size, sizeof client->data - client->size - 1, 0);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0)
    {
      client_free (client);
      return;
    }
  client->size += (gsize)n;
  client->data[client->size] = '\0';
  if (client->head == 0 && !client_find_head (client))
    return;
  if (client->head > 0 && client->size >= client->head + client->body)
    client_serve (client);
  else if (client->size == sizeof client->data - 1)
    client_answer (client, 400, 0, NULL, NULL, 0);
}

static void
muster_node_pairing_accept_cb (guint events, gpointer user_data)
{
  MusterNodePairing *self = user_data;
  int                fd = accept4 (self->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  Client            *client;
  int                place = 0;

  if (fd < 0)
    return;
  while (place < CLIENTS_MAX && self->clients[place] != NULL)
    place++;
  if (place == CLIENTS_MAX)
    {
      close (fd);
      return;
    }
  client = self->clients[place] = g_new0 (Client, 1);
  client->server = self;
  client->fd = fd;
  client->until_us = g_get_monotonic_time () + PATIENCE_US;
  muster_node_reactor_watch (self->reactor, &client->watch, fd, EPOLLIN,
                             muster_node_pairing_client_cb, client);
}

static int
listen_at (const char *address, guint16 port, guint16 *got)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (address, port);
  struct sockaddr_storage native;
  socklen_t               size = sizeof native;
  int                     on = 1, off = 0, fd;

  if (wanted == NULL || !g_socket_address_to_native (wanted, &native, sizeof native, NULL))
    {
      errno = EINVAL;
      return -1;
    }
  fd = socket (native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (native.ss_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind (fd, (struct sockaddr *)&native, (socklen_t)g_socket_address_get_native_size (wanted)) !=
        0 ||
      listen (fd, CLIENTS_MAX) != 0 || getsockname (fd, (struct sockaddr *)&native, &size) != 0)
    {
      int trouble = errno;

      close (fd);
      errno = trouble;
      return -1;
    }
  *got = native.ss_family == AF_INET6 ? ntohs (((struct sockaddr_in6 *)&native)->sin6_port)
                                      : ntohs (((struct sockaddr_in *)&native)->sin_port);
  return fd;
}

MusterNodePairing *
muster_node_pairing_new (MusterNodeReactor *reactor,
                         struct mf_device  *device,
                         const char        *address,
                         guint16            port,
                         void (*answered) (gpointer user_data),
                         gpointer user_data,
                         GError **error)
{
  MusterNodePairing *self;
  guint16            got = 0;
  int                fd = listen_at (address != NULL ? address : "::", port, &got);

  if (fd < 0 && address == NULL)
    fd = listen_at ("0.0.0.0", port, &got); /* a machine without IPv6 */
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot listen on port %u: %s",
                   port, g_strerror (errno));
      return NULL;
    }
  self = g_new0 (MusterNodePairing, 1);
  self->reactor = reactor;
  self->device = device;
  self->answered = answered;
  self->user_data = user_data;
  self->fd = fd;
  self->port = got;
  muster_node_reactor_watch (reactor, &self->watch, fd, EPOLLIN, muster_node_pairing_accept_cb,
                             self);
  return self;
}

void
muster_node_pairing_free (MusterNodePairing *self)
{
  for (int i = 0; i < CLIENTS_MAX; i++)
    g_clear_pointer (&self->clients[i], client_free);
  muster_node_reactor_unwatch (self->reactor, &self->watch);
  close (self->fd);
  g_free (self);
}

guint16
muster_node_pairing_get_port (MusterNodePairing *self)
{
  return self->port;
}

void
muster_node_pairing_tick (MusterNodePairing *self)
{
  gint64 now = g_get_monotonic_time ();

  for (int i = 0; i < CLIENTS_MAX; i++)
    if (self->clients[i] != NULL && now > self->clients[i]->until_us)
      client_free (self->clients[i]);
}
