// Publishes one event straight to Kafka: CloudEvents in binary mode, attributes as headers, data as the value.
//
// KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own; a first argument becomes the customer's name.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl/plain"
)

func main() {
	name := "Ada"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	id, customer := randomID(), randomID()
	data, err := json.Marshal(map[string]any{
		"message": fmt.Sprintf("Customer %s has been created.", name),
		"context": map[string]string{"customer_uuid": customer, "customer_name": name},
	})
	if err != nil {
		log.Fatal(err)
	}
	transport := &kafka.Transport{}
	// What the embedded Kafka asks for; .tidings/kafka.env has all of these variables.
	if user := os.Getenv("KAFKA_SASL_USERNAME"); user != "" {
		transport.SASL = plain.Mechanism{Username: user, Password: os.Getenv("KAFKA_SASL_PASSWORD")}
	}
	writer := &kafka.Writer{
		Transport: transport,
		Addr:  kafka.TCP(strings.Split(variable("KAFKA_BROKERS", "127.0.0.1:4192"), ",")...),
		Topic: os.Getenv("TIDINGS_PREFIX") + "lifecycle.waldur.customers",
		// The partition that Kafka's own clients choose for a key: the order of an entity is kept among all producers.
		Balancer:     kafka.Murmur2Balancer{Consistent: true},
		RequiredAcks: kafka.RequireAll,
		BatchTimeout: time.Millisecond,
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err = writer.WriteMessages(ctx, kafka.Message{
		Key:   []byte(customer),
		Value: data,
		Headers: []kafka.Header{
			{Key: "content-type", Value: []byte("application/json")},
			{Key: "ce_specversion", Value: []byte("1.0")},
			{Key: "ce_id", Value: []byte(id)},
			{Key: "ce_source", Value: []byte("/waldur/go-example")},
			{Key: "ce_type", Value: []byte("com.waldur.customer_creation_succeeded")},
			{Key: "ce_time", Value: []byte(time.Now().UTC().Format(time.RFC3339Nano))},
			// The entity acted on; it is the message key as well.
			{Key: "ce_subject", Value: []byte(customer)},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(id)
}

func randomID() string {
	bytes := make([]byte, 16)
	// Never fails, says its documentation.
	_, _ = rand.Read(bytes)
	return fmt.Sprintf("%x", bytes)
}

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
