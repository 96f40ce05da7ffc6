// SPDX-License-Identifier: MIT
// Go's net/smtp does a job: netsmtp FILE (see foreign.py)
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"time"
)

type letter struct {
	File string
	From string
	To   []string
}

type job struct {
	Host, Name, Hello, Tls, Ca string
	Port                       int
	Auth                       []string
	Messages                   []letter
}

type answer struct {
	Error   string   `json:"error"`
	Refused []string `json:"refused"`
}

func trust(file, name string) (*tls.Config, error) {
	pem, err := os.ReadFile(file)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: pool, ServerName: name}, err
}

func connect(todo job) (*smtp.Client, error) {
	config, err := trust(todo.Ca, todo.Name)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", fmt.Sprintf("%s:%d", todo.Host, todo.Port))
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if todo.Tls == "implicit" {
		conn = tls.Client(conn, config)
	}
	client, err := smtp.NewClient(conn, todo.Name)
	if err != nil {
		return nil, err
	}
	if err = client.Hello(todo.Hello); err == nil && todo.Tls == "starttls" {
		err = client.StartTLS(config)
	}
	return client, err
}

func authenticate(client *smtp.Client, words []string, name string) error {
	switch words[0] {
	case "PLAIN":
		return client.Auth(smtp.PlainAuth("", words[1], words[2], name))
	case "CRAM-MD5":
		return client.Auth(smtp.CRAMMD5Auth(words[1], words[2]))
	}
	return fmt.Errorf("no %s", words[0])
}

// send returns the recipients that were refused.
func send(client *smtp.Client, one letter) (refused []string, err error) {
	octets, err := os.ReadFile(one.File)
	if err == nil {
		err = client.Mail(one.From)
	}
	if err != nil {
		return nil, err
	}
	for _, recipient := range one.To {
		if client.Rcpt(recipient) != nil {
			refused = append(refused, recipient)
		}
	}
	writer, err := client.Data()
	if err == nil {
		_, err = writer.Write(octets)
	}
	if err == nil {
		err = writer.Close()
	}
	return refused, err
}

func do(file string) (refused []string, err error) {
	var todo job
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &todo)
	}
	if err != nil {
		return nil, err
	}
	client, err := connect(todo)
	if err == nil && len(todo.Auth) == 3 {
		err = authenticate(client, todo.Auth, todo.Name)
	}
	for _, one := range todo.Messages {
		if err != nil {
			return refused, err
		}
		var more []string
		more, err = send(client, one)
		refused = append(refused, more...)
	}
	if err == nil {
		err = client.Quit()
	}
	return refused, err
}

func main() {
	refused, err := do(os.Args[1])
	said := answer{Refused: append([]string{}, refused...)}
	if err != nil {
		said.Error = err.Error()
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
