/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "cortex_m.h"

/* The SMSC LAN9118 of the MPS2, polled; names and bits as its data sheet (revision 1.5) has them.
 */

#define LAN 0x40200000u
#define RX_DATA_FIFO REG (LAN + 0x00)
#define TX_DATA_FIFO REG (LAN + 0x20)
#define RX_STATUS_FIFO REG (LAN + 0x40)
#define TX_STATUS_FIFO REG (LAN + 0x48)
#define TX_CFG REG (LAN + 0x70)
#define HW_CFG REG (LAN + 0x74)
#define RX_FIFO_INF REG (LAN + 0x7C)
#define TX_FIFO_INF REG (LAN + 0x80)
#define MAC_CSR_CMD REG (LAN + 0xA4)
#define MAC_CSR_DATA REG (LAN + 0xA8)

#define HW_CFG_SOFT_RESET 1u
#define HW_CFG_TX_FIFO_5K (5u << 16)
#define TX_CFG_ON 2u
#define CSR_BUSY (1u << 31)
#define TX_A_FIRST (1u << 13)
#define TX_A_LAST (1u << 12)
#define RX_STATUS_ERROR (1u << 15)
#define FCS 4u

enum mac_register
{
  MAC_CR = 1,
  ADDRH = 2,
  ADDRL = 3,
};
#define MAC_CR_RECEIVE (1u << 2)
#define MAC_CR_TRANSMIT (1u << 3)

static void
set_mac (enum mac_register at, uint32_t value)
{
  while (MAC_CSR_CMD & CSR_BUSY)
    ;
  MAC_CSR_DATA = value;
  MAC_CSR_CMD = CSR_BUSY | (uint32_t)at;
  while (MAC_CSR_CMD & CSR_BUSY)
    ;
}

void
board_ethernet_start (const uint8_t mac[6])
{
  HW_CFG = HW_CFG_SOFT_RESET;
  while (HW_CFG & HW_CFG_SOFT_RESET)
    ;
  HW_CFG = HW_CFG_TX_FIFO_5K;
  TX_CFG = TX_CFG_ON;
  set_mac (ADDRH, (uint32_t)mac[4] | (uint32_t)mac[5] << 8);
  set_mac (ADDRL, (uint32_t)mac[0] | (uint32_t)mac[1] << 8 | (uint32_t)mac[2] << 16 |
                    (uint32_t)mac[3] << 24);
  set_mac (MAC_CR, MAC_CR_RECEIVE | MAC_CR_TRANSMIT);
}

void
board_ethernet_send (const uint8_t *frame, size_t size)
{
  size_t at;

  TX_DATA_FIFO = TX_A_FIRST | TX_A_LAST | (uint32_t)size;
  TX_DATA_FIFO = (uint32_t)size;
  for (at = 0; at < size; at += 4)
    {
      uint32_t word = 0;
      size_t   byte;

      for (byte = 0; byte < 4 && at + byte < size; byte++)
        word |= (uint32_t)frame[at + byte] << (8 * byte);
      TX_DATA_FIFO = word;
    }
  while ((TX_FIFO_INF >> 16 & 0xFF) > 0)
    (void)TX_STATUS_FIFO;
}

/* Frames that are damaged or too long are passed over; they are read all the same. */
size_t
board_ethernet_receive (uint8_t *frame, size_t size)
{
  while ((RX_FIFO_INF >> 16 & 0xFF) > 0)
    {
      uint32_t status = RX_STATUS_FIFO, length = status >> 16 & 0x3FFF, at;
      bool     good = (status & RX_STATUS_ERROR) == 0 && length > FCS && length - FCS <= size;

      for (at = 0; at < length; at += 4)
        {
          uint32_t word = RX_DATA_FIFO, byte;

          for (byte = 0; good && byte < 4 && at + byte < length - FCS; byte++)
            frame[at + byte] = (uint8_t)(word >> (8 * byte));
        }
      if (good)
        return length - FCS;
    }
  return 0;
}
