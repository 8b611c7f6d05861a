/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "mf_queue.h"
#include "stream.h"

/* A node's connection by lwIP and the board's Ethernet. It does no TLS: a node that is told to use
 * it stays away from the network. */

#define FRAME_MAX 1536u
#define KEEP_ALIVE_MS 10000u

static struct netif                netif;
static struct tcp_pcb             *pcb; /* NULL: none, or not yet */
static const struct stream_events *owner;
static struct mf_queue             queue;
static ip_addr_t                   address;
static uint16_t                    port;
static bool                        wants_tls, wanted, leaving, connected;
static uint8_t                     tx[4096], frame[FRAME_MAX], mac[6];

u32_t
sys_now (void)
{
  return board_ms ();
}

uint32_t
stream_draw (void)
{
  uint32_t word;

  board_random (&word, sizeof word);
  return word;
}

/* --- frames --- */

static err_t
send_frame (struct netif *self, struct pbuf *packet)
{
  (void)self;
  if (packet->tot_len > sizeof frame)
    return ERR_BUF;
  pbuf_copy_partial (packet, frame, packet->tot_len, 0);
  board_ethernet_send (frame, packet->tot_len);
  return ERR_OK;
}

static err_t
init_netif (struct netif *self)
{
  self->name[0] = 'e';
  self->name[1] = 'n';
  self->mtu = 1500;
  self->hwaddr_len = sizeof mac;
  memcpy (self->hwaddr, mac, sizeof mac);
  self->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  self->output = etharp_output;
  self->linkoutput = send_frame;
  board_ethernet_start (mac);
  return ERR_OK;
}

static void
take_frames (void)
{
  size_t size;

  while ((size = board_ethernet_receive (frame, sizeof frame)) > 0)
    {
      struct pbuf *packet = pbuf_alloc (PBUF_RAW, (u16_t)size, PBUF_POOL);

      if (packet == NULL)
        return; /* as if the network had lost it */
      pbuf_take (packet, frame, (u16_t)size);
      if (netif.input (packet, &netif) != ERR_OK)
        pbuf_free (packet);
    }
}

/* --- the connection --- */

static void
lose (void)
{
  bool told = wanted && !leaving;

  pcb = NULL;
  wanted = leaving = connected = false;
  mf_queue_drop (&queue, queue.used);
  if (told)
    owner->closed ();
}

/* lwIP has freed the connection already. */
static void
failed (void *user, err_t error)
{
  (void)user;
  (void)error;
  lose ();
}

static void
forget_pcb (void)
{
  if (pcb == NULL)
    return;
  tcp_err (pcb, NULL);
  tcp_recv (pcb, NULL);
}

static err_t
take_data (void *user, struct tcp_pcb *from, struct pbuf *data, err_t error)
{
  struct pbuf *part;

  (void)user;
  (void)error;
  if (data == NULL) /* the other side has closed */
    {
      forget_pcb ();
      tcp_abort (from);
      lose ();
      return ERR_ABRT;
    }
  for (part = data; part != NULL && wanted && !leaving; part = part->next)
    {
      struct mf_bytes piece = { part->payload, part->len };

      owner->received (piece);
    }
  tcp_recved (from, data->tot_len);
  pbuf_free (data);
  return ERR_OK;
}

static err_t
be_connected (void *user, struct tcp_pcb *to, err_t error)
{
  (void)user;
  (void)to;
  (void)error;
  connected = true;
  return ERR_OK;
}

static void
begin (void)
{
  pcb = tcp_new ();
  if (pcb == NULL)
    return;
  ip_set_option (pcb, SOF_KEEPALIVE);
  pcb->keep_idle = KEEP_ALIVE_MS;
  pcb->keep_intvl = KEEP_ALIVE_MS;
  tcp_nagle_disable (pcb);
  tcp_err (pcb, failed);
  tcp_recv (pcb, take_data);
  if (tcp_connect (pcb, &address, port, be_connected) == ERR_OK)
    return;
  forget_pcb ();
  tcp_abort (pcb);
  lose ();
}

static void
push (void)
{
  while (queue.used > 0)
    {
      struct mf_bytes piece = mf_queue_peek (&queue, tcp_sndbuf (pcb));

      if (piece.size == 0 ||
          tcp_write (pcb, piece.data, (u16_t)piece.size, TCP_WRITE_FLAG_COPY) != ERR_OK)
        break;
      mf_queue_drop (&queue, piece.size);
    }
  tcp_output (pcb);
}

static void
leave (void)
{
  if (pcb != NULL && connected && queue.used > 0)
    return;
  forget_pcb ();
  if (pcb != NULL && (!connected || tcp_close (pcb) != ERR_OK))
    tcp_abort (pcb);
  lose ();
}

/* --- stream.h --- */

void
stream_init (const struct stream_network *network, const struct stream_events *events)
{
  owner = events;
  wants_tls = network->tls;
  memcpy (mac, network->mac, sizeof mac);
  mf_queue_init (&queue, tx, sizeof tx);
  lwip_init ();
  netif_add_noaddr (&netif, NULL, init_netif, ethernet_input);
  netif_set_default (&netif);
  netif_set_up (&netif);
  netif_set_link_up (&netif);
  dhcp_start (&netif);
}

bool
stream_open (const struct mf_connect *how)
{
  if (wanted || wants_tls || !ipaddr_aton (how->host, &address))
    return false;
  port = how->port;
  wanted = true;
  return true;
}

size_t
stream_room (void)
{
  return wanted && !leaving ? mf_queue_room (&queue) : 0;
}

void
stream_write (const uint8_t *bytes, size_t size)
{
  mf_queue_put (&queue, bytes, size);
}

void
stream_close (void)
{
  leaving = wanted;
}

void
stream_step (void)
{
  take_frames ();
  sys_check_timeouts ();
  if (wanted && pcb == NULL && !leaving && dhcp_supplied_address (&netif))
    begin ();
  if (pcb != NULL && connected)
    push ();
  if (leaving)
    leave ();
}
