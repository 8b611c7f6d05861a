/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "wire.h"

#define FRAME_MAX 1536u
#define KEEP_ALIVE_MS 10000u

static struct netif netif;
static uint8_t      frame[FRAME_MAX], mac[6];

u32_t
sys_now (void)
{
  return board_ms ();
}

uint32_t
wire_draw (void)
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

/* --- a connection --- */

static void
lose (struct wire *self)
{
  bool told = self->wanted && !self->leaving;

  self->pcb = NULL;
  self->wanted = self->leaving = self->connected = false;
  mf_queue_drop (&self->queue, self->queue.used);
  if (told)
    self->events->closed (self->user);
}

/* lwIP has freed the connection already. */
static void
failed (void *user, err_t error)
{
  (void)error;
  lose (user);
}

static void
forget_pcb (struct wire *self)
{
  if (self->pcb == NULL)
    return;
  tcp_err (self->pcb, NULL);
  tcp_recv (self->pcb, NULL);
}

static err_t
take_data (void *user, struct tcp_pcb *from, struct pbuf *data, err_t error)
{
  struct wire *self = user;
  struct pbuf *part;

  (void)error;
  if (data == NULL) /* the other side has closed */
    {
      forget_pcb (self);
      tcp_abort (from);
      lose (self);
      return ERR_ABRT;
    }
  for (part = data; part != NULL && self->wanted && !self->leaving; part = part->next)
    {
      struct mf_bytes piece = { part->payload, part->len };

      self->events->received (self->user, piece);
    }
  tcp_recved (from, data->tot_len);
  pbuf_free (data);
  return ERR_OK;
}

static err_t
be_connected (void *user, struct tcp_pcb *to, err_t error)
{
  struct wire *self = user;

  (void)to;
  (void)error;
  self->connected = true;
  return ERR_OK;
}

static void
begin (struct wire *self)
{
  ip_addr_t address = IPADDR4_INIT (self->address);

  self->pcb = tcp_new ();
  if (self->pcb == NULL)
    return;
  ip_set_option (self->pcb, SOF_KEEPALIVE);
  self->pcb->keep_idle = KEEP_ALIVE_MS;
  self->pcb->keep_intvl = KEEP_ALIVE_MS;
  tcp_nagle_disable (self->pcb);
  tcp_arg (self->pcb, self);
  tcp_err (self->pcb, failed);
  tcp_recv (self->pcb, take_data);
  if (tcp_connect (self->pcb, &address, self->port, be_connected) == ERR_OK)
    return;
  forget_pcb (self);
  tcp_abort (self->pcb);
  lose (self);
}

static void
push (struct wire *self)
{
  while (self->queue.used > 0)
    {
      struct mf_bytes piece = mf_queue_peek (&self->queue, tcp_sndbuf (self->pcb));

      if (piece.size == 0 ||
          tcp_write (self->pcb, piece.data, (u16_t)piece.size, TCP_WRITE_FLAG_COPY) != ERR_OK)
        break;
      mf_queue_drop (&self->queue, piece.size);
    }
  tcp_output (self->pcb);
}

static void
leave (struct wire *self)
{
  if (self->pcb != NULL && self->connected && self->queue.used > 0)
    return;
  forget_pcb (self);
  if (self->pcb != NULL && (!self->connected || tcp_close (self->pcb) != ERR_OK))
    tcp_abort (self->pcb);
  lose (self);
}

/* --- wire.h --- */

void
wire_network_start (const uint8_t address[6])
{
  memcpy (mac, address, sizeof mac);
  lwip_init ();
  netif_add_noaddr (&netif, NULL, init_netif, ethernet_input);
  netif_set_default (&netif);
  netif_set_up (&netif);
  netif_set_link_up (&netif);
  dhcp_start (&netif);
}

void
wire_network_step (void)
{
  take_frames ();
  sys_check_timeouts ();
}

void
wire_init (struct wire *self, const struct stream_events *events, void *user)
{
  self->events = events;
  self->user = user;
  mf_queue_init (&self->queue, self->tx, sizeof self->tx);
}

bool
wire_open (struct wire *self, const char *host, uint16_t port)
{
  ip_addr_t address;

  if (self->wanted || !ipaddr_aton (host, &address))
    return false;
  self->address = ip_addr_get_ip4_u32 (&address);
  self->port = port;
  self->wanted = true;
  return true;
}

size_t
wire_room (const struct wire *self)
{
  return self->wanted && !self->leaving ? mf_queue_room (&self->queue) : 0;
}

void
wire_write (struct wire *self, const uint8_t *bytes, size_t size)
{
  mf_queue_put (&self->queue, bytes, size);
}

void
wire_close (struct wire *self)
{
  self->leaving = self->wanted;
}

void
wire_step (struct wire *self)
{
  if (self->wanted && self->pcb == NULL && !self->leaving && dhcp_supplied_address (&netif))
    begin (self);
  if (self->pcb != NULL && self->connected)
    push (self);
  if (self->leaving)
    leave (self);
}
