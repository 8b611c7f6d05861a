/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_GATEWAY_H
#define MF_GATEWAY_H

#include "mf_link.h"
#include "mf_loader.h"
#include "mf_node.h"
#include "mf_unit.h"

/*
 * The gateway's side of one serial line: the unit at its other end (../LINK.md) becomes a Sparkplug
 * device behind the gateway's node, named by its serial number. Born when a session stands and the
 * unit has told what it measures, dead when the session ends. Each sample of the unit is published
 * once; while the node is away they are kept, and when there is no room for more the unit keeps
 * them.
 */

#define MF_GATEWAY_METRICS 32u
#define MF_GATEWAY_NAME_SIZE 64u
#define MF_GATEWAY_UNIT_SIZE 16u
#define MF_GATEWAY_TEXT_SIZE 32u
#define MF_GATEWAY_PAYLOAD 512u
#define MF_GATEWAY_ORDERS 8u
#define MF_GATEWAY_PIECE 4096u
#define MF_GATEWAY_FILE 32768u /* of a unit with one slot: header and program */
/* The least of samples to be kept: what one message of a unit holds at most. */
#define MF_GATEWAY_SAMPLES_LEAST 64u

struct mf_gateway_ops
{
  /* Puts bytes on the line, in this order, or loses them. */
  void (*send) (void *user, const uint8_t *bytes, size_t size);
  /* The key of the unit with this serial number. False: it is nobody's that the site knows. */
  bool (*key) (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY]);
  /* As those of struct mf_port_ops; what comes is given to mf_gateway_feed() and
   * mf_gateway_fetched(). NULL: units cannot be updated through this gateway. */
  bool (*fetch) (void *user, const char *url, uint32_t offset, uint32_t size);
  void (*fetch_stop) (void *user);
  /* Keeps `bytes` over a start of the gateway's, in place of what was kept before; size 0: nothing
   * is to be kept any more. They come back by mf_gateway_take_up(). NULL: it cannot. */
  void (*keep) (void *user, const void *bytes, size_t size);
};

/* A request that waits for its turn. */
struct mf_gateway_order
{
  uint8_t bytes[8];
  uint8_t size;
};

struct mf_gateway_texts
{
  char serial[MF_LINK_SERIAL_MAX + 1];
  char model[MF_GATEWAY_TEXT_SIZE];
  char hardware[MF_GATEWAY_TEXT_SIZE];
  char firmware[MF_GATEWAY_TEXT_SIZE];
};

/* What a unit with one slot is to run, as it is kept until it does: from a moment on the unit has
 * no other program, and cannot even say who it is. */
struct mf_gateway_kept
{
  uint32_t                format, size; /* of this; size also counts what is used of `file` */
  struct mf_gateway_texts unit;         /* as it was when it was ordered */
  uint32_t                security_counter;
  struct mf_update_order  order;
  uint8_t                 file[MF_GATEWAY_FILE];
};

/* An update of the unit. */
struct mf_gateway_update
{
  struct mf_update_order order;
  enum mf_update_state   state;
  char                   error[MF_UPDATE_ERROR_SIZE];
  char                   from[MF_GATEWAY_TEXT_SIZE]; /* the version that ran when it was ordered */
  uint8_t                step;                       /* the request that is due next; 0: none */
  uint32_t               at;      /* the byte of the file that the unit wants next */
  uint32_t               fetched; /* bytes that came, since the order */
  uint32_t               starts;  /* of the unit when it was ordered */
  uint8_t                piece[MF_GATEWAY_PIECE]; /* of the file, from `at` on */
  uint16_t               held;                    /* of it */
  bool                   fetching, changed;
  bool                   by_loader; /* the unit has one slot; what that is to run is kept */
  struct mf_loader       loader;
  struct mf_gateway_kept kept;
  unsigned               activations; /* how often it was asked to make room for its loader */
  unsigned               attempts;
  uint64_t               retry_ms;
  uint8_t                reported_progress;
  uint64_t               reported_ms;
};

struct mf_gateway
{
  const struct mf_gateway_ops *ops;
  void                        *user;
  struct mf_node              *node;
  const struct mf_image_keys  *trusted; /* (nullable) */
  struct mf_link               link;
  uint8_t                      rx[MF_LINK_OVERHEAD + MF_GATEWAY_PAYLOAD];
  uint8_t                      tx[MF_LINK_OVERHEAD + MF_GATEWAY_PAYLOAD];

  /* who the unit is */
  bool                    known; /* by its IDENTITY of this session */
  struct mf_gateway_texts texts;
  uint32_t                starts, dropped;
  uint8_t                 cause, slot, boot_state;
  bool                    can_update;
  bool                    has_loader; /* it is updated by that */
  uint32_t                security_counter;
  uint64_t                utc_ms; /* UTC when the unit's clock said `unit_ms` */
  uint32_t                unit_ms;
  uint32_t                clock_ms; /* monotonic: when the unit's clock was looked at */
  uint32_t                next_sample;

  /* what it measures */
  uint8_t               n_metrics;
  uint8_t               learnt; /* of twice as many: what each is, then what it shows */
  uint32_t              learnt_ms;
  char                  names[MF_GATEWAY_METRICS][MF_GATEWAY_NAME_SIZE];
  char                  units[MF_GATEWAY_METRICS][MF_GATEWAY_UNIT_SIZE];
  struct mf_metric_info infos[MF_GATEWAY_METRICS];
  struct mf_metric      metrics[MF_GATEWAY_METRICS];
  bool                  has_safe[MF_GATEWAY_METRICS]; /* an output that falls back without it */

  /* what was asked of it and waits */
  uint8_t                 asked; /* the request under way; 0: none */
  uint8_t                 asked_metric;
  uint32_t                asked_s; /* of an output, until it falls back */
  bool                    resetting;
  uint32_t                reset_ms; /* when the unit will have reset itself */
  struct mf_gateway_order orders[MF_GATEWAY_ORDERS];
  uint8_t                 n_orders;

  /* what is to be said of it */
  struct mf_ring ring;
  uint32_t       birth; /* of the node, in which the device is born; 0: it is not */
  bool           blinking;
  uint64_t       blink_until_ms;
  uint64_t       flush_ms;
  uint32_t       refused; /* commands that were none, or out of range */

  struct mf_gateway_update update;
};

/* `samples`: memory for at least MF_GATEWAY_SAMPLES_LEAST. The node's `device_command` is the
 * owner's to set: it gives each gateway of the node what is for its unit. */
void mf_gateway_init (struct mf_gateway           *self,
                      const struct mf_gateway_ops *ops,
                      void                        *user,
                      struct mf_node              *node,
                      struct mf_sample            *samples,
                      uint32_t                     n_samples);

/* Whose images units with one slot may be given: such a unit takes what its gateway marks for it,
 * and leaves it to the gateway to verify signatures. Without this none is given any. */
void mf_gateway_trust (struct mf_gateway *self, const struct mf_image_keys *keys);

/* What the `keep` of mf_gateway_ops kept before the gateway started: goes on with it. */
void mf_gateway_take_up (struct mf_gateway *self, struct mf_bytes kept);

/* Bytes that came on the line. */
void mf_gateway_bytes (struct mf_gateway *self, const uint8_t *bytes, size_t size);

/* The line was lost, or is another one; or is there, and what was sent before is lost. */
void mf_gateway_line_lost (struct mf_gateway *self);
void mf_gateway_line_opened (struct mf_gateway *self);

/* Does what is due; returns in how many milliseconds to come again at the latest. To be called also
 * after every step of the node. */
uint32_t mf_gateway_step (struct mf_gateway *self);

/* A command of the host's; false: it is for another device. */
bool mf_gateway_command (struct mf_gateway *self, struct mf_bytes device, struct mf_bytes payload);

/* What the fetch of the file brings: bytes in order, and its end. */
void mf_gateway_feed (struct mf_gateway *self, struct mf_bytes piece);
void mf_gateway_fetched (struct mf_gateway *self, enum mf_fetch_result result);

/* Whether the device is born. */
bool mf_gateway_is_born (const struct mf_gateway *self);

#endif
